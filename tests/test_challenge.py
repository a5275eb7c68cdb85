"""The challenge: right on moved digits with the fewest parameters, every network side by side."""

import html
import itertools
import random
import re
import shutil
from dataclasses import replace

import pytest
from playwright.sync_api import expect
from streamlit.testing.v1 import AppTest

from mnist_model.networks.challenge import VIEWS, Contender, best_line, is_new_on_the_line
from mnist_model.networks.places import Places
from mnist_model.networks.registry import OWN
from mnist_model.networks.run_folder import RunFolder, find, shipped
from mnist_model.pages.shared import pick
from mnist_model.render import challenge as render
from mnist_model.runs import store
from mnist_model.runs.jobs import MeasureShifts, Train
from tests.engine import pages_have_a_queue
from tests.steps import happens, idle, until

AT_4, ALL = VIEWS
SMALL = "conv-8-5-2,gmax"
ME = "0123456789abcdef"


def beaten(one: Contender, by: Contender) -> bool:
    """As one would say it."""
    fewer, better = by.parameters < one.parameters, by.right[AT_4] > one.right[AT_4]
    return (fewer and by.right[AT_4] >= one.right[AT_4]) or (better and by.parameters <= one.parameters)


def test_the_best_line_is_whoever_nobody_beats():
    lots = random.Random(1)
    for count in (0, 1, 2, 5, 20, 60):
        for most in (3, 1000):  # with many alike, and with few
            everyone = [
                Contender(str(i), lots.randint(1, most), {AT_4: lots.randint(1, most) / most}) for i in range(count)
            ]
            slow = set(map(id, everyone)) - {
                id(one) for one, other in itertools.permutations(everyone, 2) if beaten(one, other)
            }
            line = best_line([*everyone, Contender("not measured", 1, {ALL: 1.0})], AT_4)
            assert {id(each) for each in line} == slow
            assert [each.parameters for each in line] == sorted(each.parameters for each in line)


def test_new_on_the_line_is_a_place_that_nobody_had():
    old, same, beaten = (Contender(name, 10, {AT_4: right}) for name, right in (("a", 0.9), ("b", 0.9), ("c", 0.8)))
    fewer = Contender("d", 9, {AT_4: 0.9})
    new = lambda name, *all_of_them: is_new_on_the_line(name, all_of_them, AT_4)  # noqa: E731
    assert new("a", old, beaten) and not new("c", old, beaten) and not new("b", old, same)
    assert new("d", old, same, fewer) and not new("a", old, fewer) and not is_new_on_the_line("a", [old], ALL)


def made(folder: RunFolder, layers: str, parameters: int, right: float, everywhere: float | None = None) -> RunFolder:
    """A run of a network of one's own with these figures; what it says is conv's."""
    shutil.copytree(find("conv").path, folder.path, ignore=shutil.ignore_patterns("places.json", "shift.json"))
    report = find("conv").report()
    found = report.evaluation._replace(accuracy_at_px={"2": 0.97, "4": right})
    recipe = replace(report.recipe, layers=layers, epochs=3, seed=17)
    folder.write_report(replace(report, network=OWN.name, recipe=recipe, parameters=parameters, evaluation=found))
    if everywhere is not None:
        folder.write_places(Places(everywhere, 0.1, 0.9), False, {})
    return folder


@pytest.fixture
def queue(monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path / "runs"))
    with pages_have_a_queue(monkeypatch) as runs:
        yield runs


@pytest.fixture
def press(monkeypatch):
    """What the browser sends next from the picture."""
    sent: list[str] = []
    take = lambda **rest: {"picked": sent.pop() if sent and rest["key"] == "contest" else None}  # noqa: E731
    monkeypatch.setattr(pick, "_pick", lambda **rest: shown.update({rest["key"]: rest["data"]}) or take(**rest))
    return sent.append


shown: dict[str, str] = {}


def home(name: str) -> RunFolder:
    return RunFolder(store.home() / name)


def opened() -> AppTest:
    app = AppTest.from_file("../app.py", default_timeout=60)
    app.session_state.owner = ME
    return app.run().switch_page("mnist_model/pages/train/page.py").run()


def said(app: AppTest) -> str:
    assert not app.exception
    return html.unescape(re.sub(r"<[^>]+>", " ", " ".join(element.proto.body for element in app.get("html"))))


def marks(kind: str) -> list[str]:
    """What is said of the marks of a kind."""
    return re.findall(rf'class="{kind}" style="[^"]*" title="([^"]*)"', shown["contest"])


def button(app: AppTest, label: str):
    return next(each for each in app.button if each.label == label)


def test_without_runs_the_shipped_networks_stand_there_and_a_sentence_says_so(queue, press):
    app = opened()
    assert any(each.value.startswith("So far there are only") for each in app.caption)
    assert len(marks("shipped")) == len(shipped()) and not marks("mine") + marks("others")
    assert "128 hidden units, 5 epochs" in said(app) and "101,770" in said(app), "the one in use is selected"


def test_a_run_is_a_mark_that_says_whose_it_is_how_large_and_how_right(queue, press):
    made(home("a"), SMALL, 4210, 0.961, 0.5).claim(ME)
    made(home("b"), "conv-9,gmax", 9000, 0.95)
    app = opened()
    assert marks("mine")[0].endswith(", yours: 4,210 parameters, 96.1 %, on the best line")
    assert marks("others")[0].endswith(", others’: 9,000 parameters, 95.0 %")
    press("run:a")
    text = said(app.run())
    for figure in ("conv-8-5-2, gmax", "4,210", "96.1 %", "50.0 %", "seed 17"):
        assert figure in text
    assert "New on the best line: 4,210 parameters, 96.1 % right at 4 px." in text
    app.segmented_control(key="challenge_view").set_value(ALL).run()
    assert marks("mine")[0].endswith("50.0 %, on the best line") and not marks("others")
    assert 'data-pick="run:b"' in shown["contest"].split("Not measured there yet")[1]


def test_the_end_of_a_training_says_that_it_is_new_on_the_line_and_it_is_selected(queue, press, tmp_path):
    app = opened()
    run = queue.submit(Train(OWN.name, replace(OWN.recipe, layers=SMALL), store.new("own")), ME)
    until(lambda: run.key in queue.engine.ends)
    app.run()
    files = made(RunFolder(tmp_path / "elsewhere"), SMALL, 4210, 0.961).files()
    queue.engine.ends[run.key](files)
    run.ended.wait(5)
    text = said(app.run())
    assert text.count("New on the best line: 4,210 parameters, 96.1 % right at 4 px.") == 2, "above, and at the picture"
    assert len(marks("mine")) == 1 and re.search('class="mine"[^>]*aria-pressed="true"', shown["contest"])


def test_what_is_missing_in_the_picture_is_measured_with_a_press(queue, press):
    folder = made(home("a"), SMALL, 4210, 0.961)
    app = opened()
    app.segmented_control(key="challenge_view").set_value(ALL).run()
    assert not marks("others")
    press("run:a")
    app.run()
    button(app, "Measure it").click().run()
    assert queue.latest(ME, MeasureShifts).job == MeasureShifts(folder.path, near=True)
    folder.write_places(Places(0.25, 0.1, 0.9), False, {})
    app.run()
    assert marks("others")[0].endswith("25.0 %, on the best line")


def test_one_starts_from_any_mark_with_its_layers_and_its_recipe_and_a_seed_of_ones_own(queue, press):
    made(home("a"), SMALL, 4210, 0.961)
    app = opened()
    press("run:a")
    app.run()
    button(app, "Start from it").click().run()
    state = app.session_state
    assert (state.kind, state.recipe_layers, state.recipe_epochs) == (OWN.name, SMALL, 3)
    assert state.recipe_seed == int(ME, 16) % 10_000
    press("dense-shifted")
    app.run()
    button(app, "Start from it").click().run()
    assert (state.kind, state.recipe_layers, state.recipe_shift) == (OWN.name, "flatten,dense-128", 6)
    button(app, "Train").click().run()
    recipe = queue.latest(ME, Train).job.recipe
    assert (recipe.layers, recipe.shift) == ("flatten,dense-128", 6) and not app.exception


@pytest.mark.parametrize("damage", ["report.json", "places.json", "owner.txt"])
def test_a_damaged_run_is_left_out_and_harms_no_other(queue, press, damage):
    made(home("a"), SMALL, 4210, 0.961, 0.5)
    (made(home("b"), SMALL, 5000, 0.97, 0.6).path / damage).write_text('{"everywhere": "x"}')
    app = opened()
    assert len(marks("others")) == 2 - (damage == "report.json")
    app.segmented_control(key="challenge_view").set_value(ALL).run()
    assert len(marks("others")) == 2 - (damage != "owner.txt") and not app.exception


def test_marks_stand_where_their_figures_are():
    everyone = [
        render.Mark(f"{n}", "", "others", n, right, True) for n, right in ((100, 0.5), (1000, 0.75), (10000, 1))
    ]
    places = re.findall(r'left:([\d.]+)%;bottom:([\d.]+)%;z-index:(\d)" ', render.plot(everyone, {}, "1000"))
    (x1, y1, _), (x2, y2, low), (x3, y3, _) = [map(float, each) for each in places]
    assert x3 - x2 == pytest.approx(x2 - x1, abs=0.2), "tenfold is a step"
    assert y2 == pytest.approx(2 * y1, abs=0.2) and y3 == 100, "half the mistakes is a step"
    assert low == 0, "one that is under the picked one can be picked"
    assert not render.plot([], {}, "").count("button")


def test_one_finds_ones_network_by_keyboard_selects_it_and_starts_from_it(page, server_runs):
    page.goto("/train")
    page.wait_for_selector(".contest button.shipped")
    happens(page, "document.cookie.includes('nudge=')")
    mine = next(each["value"] for each in page.context.cookies() if each["name"] == "nudge")
    folder = made(RunFolder(server_runs / "own-challenge"), SMALL, 4210, 0.961)
    try:
        folder.claim(mine)
        page.goto("/train")
        dot = page.locator(".contest button.mine")
        expect(dot).to_have_attribute("aria-pressed", "false")
        idle(page)
        dot.focus()
        page.keyboard.press("Enter")
        expect(dot).to_have_attribute("aria-pressed", "true")
        expect(dot).to_be_focused()
        expect(page.locator(".entry")).to_contain_text("96.1 %")
        page.get_by_role("radio", name=ALL).click()
        expect(dot).to_have_count(0)
        idle(page)
        page.locator(".contest p [data-pick='run:own-challenge']").click()
        expect(page.get_by_role("button", name="Measure it").first).to_be_visible()
        page.get_by_role("button", name="Start from it").click()
        expect(page.locator("[name='1.kind']")).to_have_value("GlobalMaxPooling2D")
        happens(page, "layers => location.search.includes(`layers=${layers}&`)", SMALL)
        happens(page, "document.querySelector('.stack').getBoundingClientRect().top > 0")
    finally:
        shutil.rmtree(folder.path)


@pytest.mark.parametrize("answers", [False, True])
def test_what_is_to_be_guessed_is_covered(page, answers):
    page.goto(f"/train?{'hide=answers' * answers}")
    page.wait_for_selector(".contest")
    visible = page.locator(".contest .plot button").first
    expect(visible).to_be_visible(visible=not answers)
    expect(page.locator(".entry b").first).to_be_visible(visible=not answers)
