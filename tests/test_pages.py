"""Every page runs, says what it shows, and answers what is asked of it. (The canvas needs a browser: test_browser.)"""

import html
import json
import re
import shutil
import time
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_model.images import dataset, drawing, shifting
from mnist_model.networks import activations, classifier, occlusion, positions, study
from mnist_model.networks.history import Record
from mnist_model.networks.places import Places
from mnist_model.networks.recipe import FIELDS, Recipe
from mnist_model.networks.registry import OWN
from mnist_model.networks.remedies import REMEDIES
from mnist_model.networks.run_folder import RunFolder, find, shipped
from mnist_model.pages.shared import networks, owner, pick, queue
from mnist_model.pages.shared.digit import OPENING
from mnist_model.pages.train import form, watch
from mnist_model.percent import probability
from mnist_model.render import words
from mnist_model.render.answers import bars
from mnist_model.render.pictures import captioned, picture, strip
from mnist_model.runs import store
from mnist_model.runs.errors import NoWorkers
from mnist_model.runs.jobs import MeasureShifts, Train
from mnist_model.runs.messages import Begun
from mnist_model.runs.run import State
from tests.engine import pages_have_a_queue

MNIST = dataset.load()
DENSE = classifier.load("dense")
ME = "0123456789abcdef"


@pytest.fixture(autouse=True)
def runs(monkeypatch, tmp_path):
    """A queue of this test's own, in which no process is started, and a folder of runs."""
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path / "runs"))
    with pages_have_a_queue(monkeypatch) as made:
        yield made


@pytest.fixture
def own_runs():
    """Trains a small network in this process, into the folder of runs."""

    def make(name: str, measured: bool = True, **changes) -> RunFolder:
        from mnist_model.training import run

        recipe, seen = Recipe(**{"epochs": 1, "examples": 500} | changes), []
        end = recipe.epochs * recipe.examples
        stopping = (lambda: False) if measured else lambda: bool(seen) and seen[-1] == end
        run.run(
            "dense",
            recipe,
            MNIST,
            store.home() / name,
            lambda said: seen.append(said.examples) if isinstance(said, Record) else None,
            stopping,
        )
        return RunFolder(store.home() / name)

    return make


def progress(app: AppTest) -> str:
    return app.get("progress")[0].proto.text


def button(app: AppTest, label: str):
    return next(each for each in app.button if each.label == label)


def wait_until(condition) -> None:
    end = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


def flat(app: AppTest) -> str:
    return re.sub(r"\s+", " ", text(app))


def opened(page: str) -> AppTest:
    app = AppTest.from_file("../app.py", default_timeout=60).run()
    app = app if page == "draw" else app.switch_page(f"mnist_model/pages/{page}/page.py").run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    markup = " ".join(element.proto.body for element in app.get("html"))
    return html.unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", markup, flags=re.DOTALL))


@pytest.mark.parametrize("page", ["draw", "data", "train", "shift"])
def test_a_page_opens_with_a_title_and_something_to_try(page):
    app = opened(page)
    shown = text(app)
    assert page.capitalize() in shown and "Try:" in shown
    assert app.sidebar.selectbox(key="network").value == "dense"


def test_without_ink_the_draw_page_asks_for_a_digit():
    app = opened("draw")
    assert "Draw a digit from 0 to 9" in text(app) and "%" not in text(app)


def test_the_data_page_filters_orders_and_jumps():
    app = opened("data")
    assert "10,000 test images" in app.caption[0].value
    app.pills(key="digits").set_value([4, 9]).run()
    assert f"{np.isin(MNIST.test_labels, [4, 9]).sum():,} test images" in app.caption[0].value
    app.number_input(key="jump_test").set_value(115).run()
    assert any("Test image 115" in s.value for s in app.subheader)
    assert "its label is 4" in text(app)
    app.segmented_control(key="split").set_value("training").run()
    app.segmented_control(key="order").set_value("random").run()
    app.number_input(key="order_seed").set_value(7).run()
    assert not app.exception


def test_the_train_page_shows_the_measured_network():
    app = opened("train")
    found = DENSE.report.evaluation
    assert [(m.label, m.value) for m in app.metric] == [
        ("training images", f"{100 * found.train_accuracy:.1f} %"),
        ("test images", f"{100 * found.test_accuracy:.1f} %"),
    ]
    said = [markdown.value for markdown in app.markdown]
    assert words.learned_from(DENSE.report, found) in said and " ".join(words.places(DENSE.folder.places())) in said
    assert "100,480 parameters" in text(app)


def test_the_layers_are_explained_beside_the_network_in_keras():
    app = opened("train")
    for name in shipped():
        app.sidebar.selectbox(key="network").set_value(name).run()
        (code,) = [code.value for code in app.code]
        report = find(name).report()
        assert [f"layers.{layer.kind}(" in code for layer in report.layers] == [True] * len(report.layers)
        assert f"epochs={report.recipe.epochs}" in code or f"range({report.recipe.epochs})" in code
        for layer in report.layers:
            assert f"{layer.parameters:,} parameters" in text(app)
    assert "each of the units weighs every pixel" not in text(app).lower()


def test_presets_and_fields_go_together():
    app = opened("train")
    assert app.number_input(key="recipe_epochs").value == 5 and "101,770 parameters" in text(app)
    app.pills(key="preset").set_value("Overfitting").run()
    assert (app.number_input(key="recipe_epochs").value, app.number_input(key="recipe_examples").value) == (50, 500)
    app.number_input(key="recipe_hidden").set_value(64).run()
    assert "50,890 parameters" in text(app) and app.session_state.preset is None
    app.selectbox(key="kind").set_value("conv-global").run()
    assert "61,130 parameters" in text(app) and app.number_input(key="recipe_hidden").disabled
    assert app.selectbox(key="recipe_learning_rate").value == 0.003
    app.selectbox(key="kind").set_value("dense").run()
    assert app.session_state.preset == "Tutorial" and not app.exception


def test_every_field_of_the_table_has_its_widget_with_its_bounds():
    app = opened("train")
    for name, row in FIELDS.items():
        key = f"recipe_{name}"
        if name == "layers":  # they have an editor
            assert app.session_state[key] == OWN.recipe.layers
        elif row.kind is bool:
            assert app.checkbox(key=key).label == row.label
        elif row.choices:
            assert app.selectbox(key=key).label == row.label and len(app.selectbox(key=key).options) == len(row.choices)
        else:
            widget = app.number_input(key=key)
            assert (widget.label, widget.min, widget.max) == (row.label, row.least, row.most)


def test_a_network_of_ones_own_amounts_to_what_its_layers_do():
    app = opened("train")
    app.selectbox(key="kind").set_value("own").run()
    assert "12,810 parameters" in text(app) and not app.exception
    app.session_state.recipe_layers = "conv-4,max-2,gmax"
    app.run()
    assert "90 parameters" in text(app)
    app.session_state.recipe_layers = "gmax,flatten"
    app.run()
    assert [error.value for error in app.error] == ["Layer 2, Flatten: it needs an image, and gets a row of 1 numbers."]
    assert "Train" not in [each.label for each in app.button]
    app.selectbox(key="kind").set_value("dense").run()
    assert "101,770 parameters" in text(app) and not app.error
    app.selectbox(key="kind").set_value("own").run()
    assert app.session_state.recipe_layers == "gmax,flatten", "what one had is still there"


def test_each_browser_has_a_seed_of_its_own(monkeypatch):
    seeds = set()
    for name in ("0123456789abcdef", "fedcba9876543210"):
        monkeypatch.setattr(owner, "me", lambda name=name: name)
        app = opened("train")
        seeds.add(app.number_input(key="recipe_seed").value)
        app.pills(key="preset").set_value("Overfitting").run()
        app.number_input(key="recipe_seed").set_value(3).run()
        assert app.session_state.preset == "Overfitting", "with whatever seed"
    assert len(seeds) == 2


def test_what_was_trained_on_this_server_need_not_be_trained_again(own_runs):
    folder = own_runs("dense-a", seed=3)
    app = opened("train")
    labels = lambda: [each.label for each in app.button if each.label.startswith("Trained at")]  # noqa: E731
    for key, value in (("epochs", 1), ("examples", 500), ("seed", 3)):
        assert not labels()
        app.number_input(key=f"recipe_{key}").set_value(value).run()
    (label,) = labels()
    button(app, label).click().run()
    assert app.sidebar.selectbox(key="network").value == str(folder.path) and not app.exception


def test_what_is_chosen_is_what_is_trained(runs):
    app = opened("train")
    app.number_input(key="recipe_examples").set_value(1000)
    app.number_input(key="recipe_seed").set_value(7)
    app.selectbox(key="recipe_batch").set_value(256).run()
    button(app, "Train").click().run()
    run = runs.latest(app.session_state.owner, Train)
    assert run.job.network == "dense" and run.job.recipe == Recipe(examples=1000, seed=7, batch=256)
    assert 1 < run.expected < 60 and run.alive()
    wait_until(lambda: run.begun)
    app.run()
    assert not button(app, "Stop").disabled and "Try:" not in text(app)
    assert [each.label for each in app.expander] == [
        "dense: 128 hidden units, 5 epochs, batch 256, learning rate 0.001, 1,000 images, seed 7"
    ]


def test_the_same_training_is_not_put_into_the_queue_twice(runs):
    app = opened("train")
    press, me = button(app, "Train"), app.session_state.owner
    press.click().run()
    (run,) = runs.of(me, Train)
    assert button(app, "Train").disabled and "another seed" in button(app, "Train").help
    press.click().run()  # a click that came when the button was on its way out
    assert runs.of(me, Train) == [run] and not app.error and not app.exception
    app.number_input(key="recipe_seed").set_value(8).run()
    button(app, "Train").click().run()
    assert len(runs.of(me, Train)) == 2


def test_a_recipe_out_of_bounds_is_one_sentence_and_cannot_be_trained(monkeypatch):
    monkeypatch.setattr(form, "chosen", lambda: Recipe(epochs=5000))
    app = opened("train")
    assert [error.value for error in app.error] == ["Epochs: 5000 is not a whole number from 1 to 1000."]
    assert not app.exception and "Train" not in [each.label for each in app.button]


RECORDS = find("dense").history()[:30]
ENDS = {
    "failed": (State.FAILED, False, "Your training of dense failed: it was ended from outside."),
    "stopped": (State.STOPPED, True, f"You stopped it after {RECORDS[-1].epoch:.2f} epochs; what it had learned is"),
    "stopped too soon": (State.STOPPED, False, "You stopped it before it had learned anything; nothing was kept."),
    "lost": (State.LOST, True, "your browser was gone for a minute and a half; what it had learned is kept."),
    "lost too soon": (State.LOST, False, "your browser was gone for a minute and a half; it had learned nothing yet."),
    "done": (State.DONE, True, "Your training of dense is done."),
    "dismissed": (State.DISMISSED, True, f"The teacher stopped it after {RECORDS[-1].epoch:.2f} ep"),
}


@pytest.mark.parametrize(("state", "is_kept", "sentence"), ENDS.values(), ids=ENDS)
def test_how_a_training_ended_is_said_in_one_sentence(runs, state, is_kept, sentence):
    app = opened("train")
    job = Train("dense", Recipe(), find("dense").path)
    run = runs.submit(job, app.session_state.owner)
    wait_until(lambda: run.key in runs.engine.ends)
    runs.stop(run)
    run.ended.wait(5)
    run.state, run.is_kept, run.history = state, is_kept, RECORDS
    run.error = "it was ended from outside." if state is State.FAILED else ""
    app.run()
    (said,) = [*app.error, *app.info, *app.success]
    assert sentence in said.value and not app.exception


def follow(app: AppTest, values: dict[str, str]) -> None:
    """What a lesson's step does: links.follow."""
    app.session_state.entered, app.session_state.followed, app.session_state.addresses = None, values, {}
    app.run()


def test_a_recipe_that_a_step_opens_takes_the_place_of_what_was_trained(runs, own_runs):
    app = opened("train")
    button(app, "Train").click().run()
    (run,) = runs.of(app.session_state.owner, Train)
    wait_until(lambda: run.key in runs.engine.ends)
    run.history.extend(RECORDS)
    run.job = replace(run.job, folder=own_runs("dense-a").path)
    opens = {"train": "dense", "examples": "500"}
    follow(app, opens)
    assert app.expander, "a run in progress keeps the first screen"
    run.state, run.is_kept = State.DONE, True
    app.run()
    assert app.expander and app.success
    follow(app, opens)
    assert not app.expander and app.number_input(key="recipe_examples").value == 500 and not app.exception


def test_what_was_trained_is_chosen_and_one_press_goes_back(runs, own_runs):
    app = opened("train")
    app.sidebar.selectbox(key="network").set_value("conv").run()
    button(app, "Train").click().run()
    (run,) = runs.of(app.session_state.owner, Train)
    wait_until(lambda: run.key in runs.engine.ends)
    run.history.extend(RECORDS)
    run.job = replace(run.job, folder=own_runs("dense-a").path)
    run.state, run.is_kept = State.DONE, True
    app.run()
    assert "Its network is the chosen one now" in app.success[0].value
    assert app.sidebar.selectbox(key="network").value == str(run.folder.path)
    accuracy = f"{100 * run.folder.report().evaluation.test_accuracy:.1f} %"
    assert accuracy in [metric.value for metric in app.metric]
    assert accuracy in "".join(app.sidebar.selectbox(key="network").options)
    assert [each.label for each in app.expander], "the curves stay where they were"
    button(app, "Back to conv").click().run()
    assert app.sidebar.selectbox(key="network").value == "conv" and not app.exception
    assert "is the chosen one" not in app.success[0].value
    button(app, "Train another").click().run()
    assert not app.expander and not app.success and "Try:" in text(app) and not app.exception
    app.sidebar.selectbox(key="network").set_value("robust").run()
    assert app.sidebar.selectbox(key="network").value == "robust", "it is chosen once"
    app.session_state.screen_hide = "answers"
    app.run()
    assert accuracy not in "".join(app.sidebar.selectbox(key="network").options), "it is to be guessed"


def whole_queue(app: AppTest) -> str:
    shown = [str(each.proto) for each in app.get("bidi_component") if "-in_queue" in str(each.proto)]
    return html.unescape(shown[0]) if shown else ""


def test_whoever_started_the_server_sees_the_whole_queue_and_others_do_not(runs, monkeypatch):
    running = runs.submit(Train("robust", Recipe(epochs=100), store.new("robust")), "somebody", usual=3000)
    waiting = [runs.submit(Train("dense", Recipe(seed=i), store.new("dense")), str(i), usual=9) for i in (1, 2)]
    wait_until(lambda: running.begun)
    monkeypatch.setattr(owner, "is_host", lambda: True)
    app = opened("train")
    assert "robust: 100 epochs" in whole_queue(app) and re.search(r"(50|49) min \d+ s", whole_queue(app))
    assert [f"first-{run.key}" in whole_queue(app) for run in (running, *waiting)] == [False, False, True]
    assert all(f"stop-{run.key}" in whole_queue(app) for run in (running, *waiting))
    monkeypatch.setattr(owner, "is_host", lambda: False)
    app = opened("train")
    assert not whole_queue(app) and "robust: 100 epochs" not in flat(app)


def test_what_the_host_picks_is_done_and_what_others_send_is_nothing(runs, monkeypatch):
    running, *waiting = (
        runs.submit(Train("dense", Recipe(seed=i), store.new("dense")), f"owner {i}", usual=9) for i in range(3)
    )
    wait_until(lambda: running.begun)
    picked = [f"first-{waiting[1].key}", "stop-nobody", f"stop-{running.key}"]
    monkeypatch.setattr(pick, "_pick", lambda **rest: {"picked": sent(rest["key"])})
    sent = lambda key: picked.pop(0) if key == "in_queue" and picked else None  # noqa: E731
    monkeypatch.setattr(owner, "is_host", lambda: False)
    opened("train")
    assert runs.unfinished() == [running, *waiting] and len(picked) == 3
    monkeypatch.setattr(owner, "is_host", lambda: True)
    opened("train").run()
    assert running.state is State.DISMISSED and waiting[1] in (runs.unfinished()[0], runs.turns()[0]) and not picked


@pytest.mark.parametrize(
    ("peer", "named", "is_host"),
    [
        (None, None, True),
        (None, "127.0.0.1", True),
        (None, "10.0.0.7", False),
        (None, "nobody", False),
        ("10.0.0.7", None, False),
        ("10.0.0.7", "127.0.0.1", False),
    ],
)
def test_the_host_is_on_this_machine_and_nobody_can_pretend_to_be(monkeypatch, peer, named, is_host):
    context = SimpleNamespace(ip_address=peer, headers={} if named is None else {"X-Real-Ip": named})
    monkeypatch.setattr(owner, "st", SimpleNamespace(context=context))
    assert owner.is_host() == is_host


def test_a_training_shows_how_far_it_is_and_a_finished_one_stays(runs):
    app = opened("train")
    run = runs.submit(Train("dense", Recipe(), store.new("dense")), app.session_state.owner)
    wait_until(lambda: run.key in runs.engine.ends)
    app.run()
    assert "Waiting for a worker" in progress(app)
    runs.engine.hears[run.key](Begun())
    app.run()
    assert "Starting TensorFlow" in progress(app)
    run.history.extend(RECORDS)
    app.run()
    assert re.match(r"Epoch 2 of 5 · [\d,]+ images a second · \d+ s left", progress(app))
    run.measured = 0.25
    app.run()
    assert progress(app) == "Trained. Measuring it, also on shifted images: 25 %" and button(app, "Stop").disabled
    assert not app.exception


def test_a_run_that_waits_says_where_and_can_leave(runs):
    app = opened("train")
    first = runs.submit(Train("dense", Recipe(), store.new("dense")), "another", usual=30)
    wait_until(lambda: first.begun)
    button(app, "Train").click().run()
    assert "You are number 1 in the queue: one run has to end first. That takes about" in progress(app)
    assert "Stop" not in [each.label for each in app.button]
    button(app, "Leave the queue").click().run()
    assert not app.exception and app.info[0].value == "You left the queue."


def test_who_waits_is_not_sent_the_curves_at_every_look(runs, monkeypatch):
    app, shown = opened("train"), []
    first = runs.submit(Train("dense", Recipe(), store.new("dense")), "another", usual=30)
    wait_until(lambda: first.begun)
    button(app, "Train").click().run()
    monkeypatch.setattr(queue, "watch", lambda kind, look: kind is Train and shown.extend([look(), "looked"]))
    monkeypatch.setattr(watch, "show_chosen", lambda: shown.append("curves"))
    app.run()
    assert [each for each in shown if each] == ["looked", "curves"] and not app.exception


def test_who_waits_long_looks_seldom_until_the_turn_is_near(runs):
    """Thirty who looked once a second kept the server from those who move digits."""
    first, *others, last = (runs.submit(Train("dense", Recipe(), store.new("dense")), f"owner {i}") for i in range(5))
    wait_until(lambda: first.begun)
    assert [queue.pause_of(run) for run in (first, *others, last)] == [0.3, 1, 1, 5, 5]
    runs.stop(others[0])
    assert [queue.pause_of(run) for run in others] == [None, 1, 1] and queue.pause_of(last) == 5


def test_one_may_wait_with_more_than_one_run_but_not_with_many(runs):
    app = opened("train")
    for number in range(4):
        app.number_input(key="recipe_seed").set_value(number).run()
        button(app, "Train").click().run()
        wait_until(lambda: runs.of(app.session_state.owner, Train)[0].begun)
        app.run()
        assert sum(each.label == "Leave the queue" for each in app.button) == number and not app.error
    app.number_input(key="recipe_seed").set_value(4).run()
    button(app, "Train").click().run()
    assert [error.value for error in app.error] == ["You have 3 runs waiting: let one of them begin, or take it back."]
    app.run()
    assert not app.error and not app.exception


def test_where_nobody_can_train_the_page_says_why_and_the_run_waits(runs):
    def prepare():
        raise NoWorkers("No scheduler answers at tls://teacher:8786.")

    app = opened("train")
    runs.engine.prepare = prepare
    button(app, "Train").click().run()
    wait_until(lambda: runs.trouble)
    app.run()
    assert [each.value for each in app.warning] == [f"{runs.trouble} {queue.WAITS}"] and not app.exception
    assert progress(app) == "You are number 1 in the queue."


def test_a_run_that_begins_again_says_so(runs):
    app = opened("train")
    button(app, "Train").click().run()
    (run,) = runs.of(app.session_state.owner, Train)
    wait_until(lambda: run.key in runs.engine.hears)
    for _ in range(2):
        runs.engine.hears[run.key](Begun())
    app.run()
    assert "it has begun again" in app.info[0].value


def as_me(app: AppTest, *folders: RunFolder) -> AppTest:
    """The same browser as before, to which these runs belong."""
    app.session_state.owner = ME
    for folder in folders:
        folder.claim(ME)
    del app.session_state["runs"]
    return app.run()


def test_finished_runs_are_compared_used_scrubbed_and_deleted(own_runs):
    folder = own_runs("dense-a", epochs=2)
    own_runs("dense-b", learning_rate=0.1)
    app = opened("train")
    whose = str(app.segmented_control(key="whose_runs").proto)
    assert "Your runs (0)" in whose and "Earlier runs (2)" in whose
    as_me(app, folder)
    assert not app.exception
    report, scrubber = folder.report(), f"moment-{folder.name}"
    assert app.select_slider(key=scrubber).options == ["0", "1", "2"]
    for epoch in (0, 1, 2):
        app.select_slider(key=scrubber).set_value(epoch).run()
        network = classifier.load(folder.path).with_weights(folder.weights(epoch))
        said = network.probabilities(dataset.scale(MNIST.test_images[0]))[0]
        assert f"{100 * said.max():.1f} %" in text(app)
    assert f"{100 * report.evaluation.test_accuracy:.1f} % of the test images right" in flat(app)
    assert any(caption.value == f"{report.described} · 101,770 parameters" for caption in app.caption)
    button(app, "Use it on every page").click().run()
    assert app.sidebar.selectbox(key="network").value == str(folder.path)
    for page in ("draw", "data", "shift", "train"):
        assert not app.switch_page(f"mnist_model/pages/{page}/page.py").run().exception
    button(app, "Delete").click().run()
    assert not app.exception and not folder.path.exists()
    assert app.sidebar.selectbox(key="network").value == "dense"


def test_a_run_that_was_stopped_can_be_shown_before_it_is_measured(own_runs):
    folder = own_runs("dense-a", measured=False)
    app = as_me(opened("train"), folder)
    button(app, "Use it on every page").click().run()
    assert not app.exception and any("has not been measured" in caption.value for caption in app.caption)
    for page in ("draw", "data", "shift"):
        assert not app.switch_page(f"mnist_model/pages/{page}/page.py").run().exception


def foreign_folders(home: Path) -> list[str]:
    """What other versions, other programs and broken copies leave under runs/."""

    def copied(name: str) -> Path:
        return shutil.copytree(find("dense").path, home / name)

    report = (find("dense").path / "report.json").read_text()
    newer = report.replace('"epochs": 5,', '"epochs": 5, "wings": 2,', 1)
    (copied("another-version") / "report.json").write_text(newer)
    (copied("another-network") / "report.json").write_text(report.replace('"dense"', '"transformer"'))
    (copied("not-a-number") / "report.json").write_text(report.replace('"seconds": ', '"seconds": NaN, "x": '))
    (copied("half-a-copy") / "history.csv").unlink()
    (copied("half-a-network") / "model.tflite").write_bytes(b"TFL3")
    (copied("<b>no-report") / "report.json").unlink()
    np.savez(copied("pickled") / "weights.npz", np.array([print], dtype=object))
    (home / "holiday").mkdir()
    (home / "holiday" / "photo.jpg").write_bytes(b"JFIF")
    return [
        "another-version",
        "another-network",
        "not-a-number",
        "half-a-copy",
        "half-a-network",
        "no-report",
        "holiday",
    ]


def test_a_folder_that_cannot_be_read_is_named_and_does_no_harm(own_runs):
    own_runs("dense-b")
    unreadable = foreign_folders(store.home())
    app = opened("train")
    app.segmented_control(key="whose_runs").set_value("Earlier runs").run()
    assert f"Earlier runs ({len(unreadable) + 2})" in str(app.segmented_control(key="whose_runs").proto)
    assert not app.exception and not app.error
    listed = next(str(each.proto) for each in app.get("bidi_component") if "-pick_run" in str(each.proto))
    rows = re.findall(r"<tr><th>(.*?)</tr>", listed)
    for name in unreadable:
        assert any(name in row and "cannot be read" in row and "<button" not in row for row in rows), name
    assert "<b>no-report" not in listed, "names are escaped"
    assert sum("<button" in row for row in rows) == 2, "what can be read can be selected"
    assert "Delete" not in [each.label for each in app.button], "an earlier run is nobody's to delete"


def test_weights_with_pickled_objects_are_one_sentence_where_they_are_needed(own_runs):
    folder = own_runs("dense-a")
    np.savez(folder.path / "epochs" / "001.npz", np.array([print], dtype=object))
    app = as_me(opened("train"), folder)
    assert [error.value for error in app.error] == ["dense-a cannot be read: weights missing or damaged."]


def test_training_again_into_the_same_folder_is_seen_by_every_page(own_runs, monkeypatch, tmp_path):
    """The old answers stayed on Shift under the new name."""
    folder = own_runs("again", seed=1)
    monkeypatch.setenv("MNIST_NETWORK", str(folder.path))

    def shown() -> tuple[AppTest, str]:
        app = opened("shift")
        app.sidebar.selectbox(key="network").set_value(str(folder.path)).run()
        return app, app.sidebar.selectbox(key="network").options[-1]

    def expected() -> str:
        said = classifier.load(folder.path).probabilities(dataset.scale(MNIST.test_images[OPENING]))[0]
        return f"{said.argmax()} {100 * said.max():.1f} %"

    (app, title), before = shown(), expected()
    assert before in flat(app)
    answers = next(each.proto.body for each in app.get("html") if "data-remedy" in each.proto.body)
    assert re.findall('data-remedy="(.*?)"', answers)[1].startswith("dense "), "what one has trained comes second"
    time.sleep(1.1)  # titles have the second
    own_runs("again", seed=2, epochs=3)
    app, new_title = shown()
    assert expected() != before and expected() in flat(app) and new_title != title
    for remedy in ("conv", "robust"):  # measured, and measured again
        folder.write_shifts(find(remedy).shifts(), False, {})
        app.segmented_control(key="section").set_value("Verdict").run()
        figures = " ".join(f"{100 * share:.1f}" for share in find(remedy).shifts().by_shift[[0, 2, 4, 6]])
        assert figures in flat(app).split(new_title.split(" · ")[0])[-1]


def test_a_measurement_is_offered_followed_and_said_to_have_failed(own_runs, runs, monkeypatch):
    folder = own_runs("dense-a")
    monkeypatch.setenv("MNIST_NETWORK", str(folder.path))
    app = opened("shift")
    app.sidebar.selectbox(key="network").set_value(str(folder.path)).run()
    button(app, "Measure it").click().run()
    run = runs.latest(app.session_state.owner, MeasureShifts)
    wait_until(lambda: run.key in runs.engine.ends)
    run.measured = 0.5
    app.run()
    assert "Moving all 10,000 test images to every offset" in progress(app) and "50 %" in progress(app)
    button(app, "Stop").click().run()
    run.ended.wait(5)
    app.run()
    assert [info.value for info in app.info] == ["You stopped the measurement; nothing was kept."]
    run.state, run.error = State.FAILED, "no luck."
    app.run()
    assert [error.value for error in app.error] == ["Measuring failed: no luck."]


def test_a_run_is_measured_within_3_px_on_train_and_shift_takes_that(own_runs, runs, monkeypatch):
    folder = own_runs("dense-a")
    monkeypatch.setenv("MNIST_NETWORK", str(folder.path))
    app = opened("train")
    app.sidebar.selectbox(key="network").set_value(str(folder.path)).run()
    assert any("has not been measured at the places within 3 px yet" in said.value for said in app.markdown)
    button(app, "Measure it").click().run()
    run = runs.latest(app.session_state.owner, MeasureShifts)
    assert run.job == MeasureShifts(folder.path, near=True)
    wait_until(lambda: run.key in runs.engine.ends)
    run.measured = 0.5
    app.run()
    assert "Moving all 10,000 test images to 49 places" in progress(app)
    places = Places(0.123, 0.456, 0.789)
    folder.write_places(places, False, {})
    runs.engine.ends[run.key]({})
    run.ended.wait(5)
    app.run()
    assert " ".join(words.places(places)) in [said.value for said in app.markdown]


def test_a_runs_own_figures_are_of_one_seed(own_runs, monkeypatch):
    folder = own_runs("dense-a")
    folder.write_shifts(find("conv").shifts(), False, {})
    folder.write_places(Places(0.123, 0.456, 0.789), False, {})
    monkeypatch.setenv("MNIST_NETWORK", str(folder.path))
    app = opened("shift")
    app.sidebar.selectbox(key="network").set_value(str(folder.path)).run()
    app.segmented_control(key="section").set_value("Verdict").run()
    assert "12.3 45.6 78.9 " in flat(app)
    app.segmented_control(key="section").set_value("Accuracy").run()
    (spec,) = (chart.proto.spec for chart in app.get("echarts_chart"))
    drawn = [each["data"] for each in json.loads(spec)["series"] if each["name"].startswith("dense ")]
    assert len(drawn) == 1 and drawn[0][4][1] == pytest.approx(100 * find("conv").shifts().by_shift[4], abs=0.01)


def test_a_run_measured_before_there_were_figures_within_3_px_has_none_in_the_verdict(own_runs, monkeypatch):
    folder = own_runs("dense-a")
    folder.write_shifts(find("dense").shifts(), False, {})
    monkeypatch.setenv("MNIST_NETWORK", str(folder.path))
    app = opened("shift")
    app.sidebar.selectbox(key="network").set_value(str(folder.path)).run()
    app.segmented_control(key="section").set_value("Verdict").run()
    assert not app.exception and "– – –" in flat(app)
    assert any("has not been measured at the places within 3 px yet" in said.value for said in app.markdown)
    (folder.path / "places.json").write_text("{}")
    app.run()
    assert "figures within 3 pixels missing or damaged" in app.error[0].value and button(app, "Measure it")


def test_a_run_belongs_to_the_browser_that_is_there(monkeypatch):

    class Runtime:
        def is_active_session(self, session: str) -> bool:
            return session == "here"

    monkeypatch.setattr(owner.runtime, "exists", lambda: True)
    monkeypatch.setattr(owner.runtime, "get_instance", Runtime)
    monkeypatch.setattr(owner, "_sessions", owner.defaultdict(set, a={"here", "gone"}, b={"gone"}))
    assert owner.is_there("a") and not owner.is_there("b") and not owner.is_there("nobody")


def test_the_shift_page_says_what_the_library_says():
    app = opened("shift")
    image = dataset.scale(MNIST.test_images[4])
    app.number_input(key="test_index").set_value(4).run()
    places = positions.place_map(DENSE, image)
    for dx, dy in [(0, 0), (4, 0), (-3, 5)]:
        app.slider(key="dx").set_value(dx)
        app.slider(key="dy").set_value(dy).run()
        after = places[dy + 14, dx + 14]
        assert f"{after.argmax()} {100 * after.max():.1f} %" in re.sub(r"\s+", " ", text(app))
        changed = after.argmax() != places[14, 14].argmax()
        assert ("it said" in text(app)) == changed


def test_the_pictures_are_captioned_and_the_bars_are_of_before_and_after():
    app = opened("shift")
    app.slider(key="dx").set_value(3)
    app.slider(key="dy").set_value(-2).run()
    image = dataset.scale(MNIST.test_images[OPENING])
    pair = next(each.proto.body for each in app.get("html") if 'class="pair"' in each.proto.body)
    original, shifted, before, after = re.findall(r"<figure>(.*?)</figure>", pair, re.DOTALL)
    assert f"<figure>{original}</figure>" == captioned(picture(image, "the original digit"), "test image 9,010", 2)
    assert picture(shifting.shift(image, 3, -2), "the shifted digit") in shifted and "shifted by (3, -2)" in shifted
    assert before == f"{bars(DENSE.probabilities(image)[0])}<figcaption>dense before</figcaption>"
    moved = DENSE.probabilities(shifting.shift(image, 3, -2))[0]
    assert after == f"{bars(moved)}<figcaption>after</figcaption>"


def test_the_units_under_why_are_summed_before_and_now():
    app = opened_section("Why", 3, -2)
    image = dataset.scale(MNIST.test_images[OPENING])
    shown = next(each.proto.body for each in app.get("html") if "every weight waits" in each.proto.body)
    for unit in activations.telling_units(DENSE, image, 3):
        before, now = unit.total(image), unit.total(shifting.shift(image, 3, -2))
        kind = "gained" if now > 0 else "lost"
        assert f"<td>{before:+.1f}</td><td><b class={kind}>{now:+.1f}</b></td>" in shown


def test_what_the_answer_rests_on_is_shown_before_and_now_for_any_network():
    app = opened_section("Why", 3, -2)
    image = dataset.scale(MNIST.test_images[OPENING])
    for name in ("dense", "conv"):
        app.sidebar.selectbox(key="network").set_value(name).run()
        shown = flat(app)
        for when, each in (("before", image), ("now", shifting.shift(image, 3, -2))):
            found = occlusion.occlusion_map(classifier.load(name).probabilities, each)
            least = probability(found.covered.min())
            assert f"{when}: {found.answer}, {probability(found.probability)}; at worst {least} is left" in shown


def test_the_shift_page_says_how_much_ink_has_left():
    app = opened("shift")
    app.slider(key="dx").set_value(14).run()
    image = dataset.scale(MNIST.test_images[OPENING])
    lost = 1 - image[:, :14].sum() / image.sum()
    assert f"{100 * lost:.0f} % of the ink has left the frame" in text(app)


def opened_section(name: str, dx: int = 0, dy: int = 0) -> AppTest:
    app = opened("shift")
    app.slider(key="dx").set_value(dx)
    app.slider(key="dy").set_value(dy)
    app.segmented_control(key="section").set_value(name).run()
    assert not app.exception
    return app


def test_every_remedy_says_what_the_library_says():
    app = opened_section("Accuracy", dx=3, dy=-2)
    image = dataset.scale(MNIST.test_images[OPENING])
    for remedy in REMEDIES:
        front = classifier.front(classifier.load(remedy.network), remedy.centred)
        probabilities = front.probabilities(shifting.shift(image, 3, -2))[0]
        expected = f"{remedy.title} {probabilities.argmax()} {probability(probabilities.max())}"
        assert expected in re.sub(r"\s+", " ", text(app))


def test_the_accuracy_at_the_offset_is_the_measured_one_and_the_edge_is_named():
    measured_dense = find("dense").shifts()
    inside, outside = opened_section("Maps", 3, -2), opened_section("Maps", 11, -2)
    assert f"dense {100 * measured_dense.map[-2 + 8, 3 + 8]:.1f} %" in re.sub(r"\s+", " ", text(inside))
    assert f"dense {100 * measured_dense.map[-2 + 8, 16]:.1f} %" in re.sub(r"\s+", " ", text(outside))
    assert "outside the maps" in text(outside) and "outside the maps" not in text(inside)


def test_every_remedy_is_shown_by_what_it_does_to_this_digit_or_has_learned_from():
    app = opened_section("Remedies", 3, -2)
    shown = next(each.proto.body for each in app.get("html") if "What each remedy is" in each.proto.body)
    sections = dict(re.findall(r"<section><h4>(.*?)</h4>(.*?)</section>", shown, re.DOTALL))
    assert list(sections) == [remedy.title for remedy in REMEDIES if remedy.title != "dense"]
    moved = shifting.shift(dataset.scale(MNIST.test_images[OPENING]), 3, -2)
    for image in (moved, drawing.centre(moved)):
        assert picture(image, "x").partition("src=")[2] in sections["centring + dense"]
    for name in ("dense-shifted", "robust"):
        for row in find(name).learned():
            assert strip(row, "x").partition("src=")[2] in sections[name]
    last = activations.features(classifier.load("conv-global"), moved).last
    (channel, *_) = activations.strongest(last, 1)
    row, column = np.unravel_index(last[..., channel].argmax(), last.shape[:2])
    assert f"left:{column / 6:.2%};top:{row / 6:.2%}" in sections["conv-global"]
    assert f"{last[..., channel].max():.2f} stays" in sections["conv-global"]
    first = activations.features(classifier.load("conv"), moved).first
    (channel,) = activations.strongest(first, 1)
    row, column = np.unravel_index(first[..., channel].argmax(), first.shape[:2])
    assert f"left:{column / 28:.2%};top:{row / 28:.2%};width:{3 / 28:.2%}" in sections["conv"]


def test_draw_shows_what_robust_has_learned_from():
    shown = " ".join(each.proto.body for each in opened("draw").get("html"))
    assert strip(find("robust").learned()[2], "x").partition("src=")[2] in shown


def deviation(of: study.Spread) -> str:
    return "" if of.seeds == 1 else f" ±{100 * of.deviation:.1f}"


def test_the_verdict_has_means_and_deviations_of_all_seeds_variants_among_them():
    said, titles = flat(opened_section("Verdict")), [remedy.title for remedy in REMEDIES]
    for name, row in networks.studied().items():
        seconds = f" {find(name.split()[-1]).report().seconds:.0f} s" if name in titles else ""
        cells = " ".join(f"{100 * each.mean:.1f}{deviation(each)}" for each in row.shown)
        assert f"{name}{'*' * (not seconds)} {row.parameters:,}{seconds} {cells} " in said


def test_the_curves_are_means_over_all_seeds_with_bands_around_them():
    (spec,) = (chart.proto.spec for chart in opened_section("Accuracy").get("echarts_chart"))
    drawn = [(each["name"], np.array(each["data"])[:, 1]) for each in json.loads(spec)["series"]]
    for name, row in networks.studied().items():
        found = [values for title, values in drawn if title == name]
        curve = np.array([each.by_shift for each in row.figures]) * 100
        if name in {remedy.title for remedy in REMEDIES}:
            assert found[0] == pytest.approx(curve.mean(0), abs=0.01)
        if found and len(curve) > 1:
            assert found[1] == pytest.approx(curve.mean(0) - curve.std(0, ddof=1), abs=0.01)
            assert found[1] + found[2] == pytest.approx(curve.mean(0) + curve.std(0, ddof=1), abs=0.01)


def test_shuffling_does_nothing_to_dense_beyond_chance_and_something_to_conv():
    said = flat(opened_section("Shuffled"))
    dense, conv = said.rpartition(" dense ")[2].split(" conv ")[:2]
    assert "none beyond chance" in dense and "points" not in dense
    assert re.search(r"-\d\.\d points", conv)


@pytest.mark.parametrize("name", ["Accuracy", "Maps", "Breaking", "Why", "Where", "Remedies", "Verdict", "Shuffled"])
def test_a_section_opens_also_where_all_ink_has_left(name):
    app = opened_section(name, 14, 14)
    app.number_input(key="test_index").set_value(3).run()
    assert not app.exception and len(text(app)) > 1000


def test_a_run_from_before_there_were_layers_gets_one_sentence_under_why(tmp_path, monkeypatch):
    for file in ("model.tflite", "report.json"):
        (tmp_path / file).write_bytes((DENSE.folder.path / file).read_bytes())
    monkeypatch.setenv("MNIST_NETWORK", str(tmp_path))
    app = opened("shift")
    app.sidebar.selectbox(key="network").set_value(str(tmp_path)).run()
    app.segmented_control(key="section").set_value("Why").run()
    assert not app.exception and "train it again" in app.error[0].value


def test_the_breaking_points_on_the_page_are_the_librarys():
    shown = flat(opened_section("Breaking"))
    places = positions.place_map(DENSE, dataset.scale(MNIST.test_images[OPENING]))
    points = dict(zip(shifting.DIRECTIONS, positions.breaking_points(positions.along_directions(places)), strict=True))
    told = {way: str(point or "–") for way, point in points.items()}
    compass = (
        f"dense ↖ {told['up left']} ↑ {told['up']} ↗ {told['up right']} ← {told['left']} 2 → {told['right']} "
        f"↙ {told['down left']} ↓ {told['down']} ↘ {told['down right']}"
    )
    assert compass in shown
    half = positions.half_broken_by(find("dense").shifts().breaking)
    assert f"Half of all images break within {half} px" in shown


@pytest.mark.parametrize("name", shipped())
def test_every_page_opens_with_every_network(name):
    app = opened("train")
    app.sidebar.selectbox(key="network").set_value(name).run()
    assert not app.exception
    parameters = f"{find(name).report().parameters:,} parameters"
    assert any(parameters in markdown.value for markdown in app.markdown)
    for page in ("shift", "data"):
        assert not app.switch_page(f"mnist_model/pages/{page}/page.py").run().exception


def test_the_data_page_puts_the_most_fragile_first_and_shows_mistakes_only():
    app = opened("data")
    breaking = find("dense").shifts().breaking
    app.segmented_control(key="order").set_value("fragile").run()
    first = int(re.search(r"Test image ([\d,]+)", app.subheader[0].value).group(1).replace(",", ""))
    assert breaking[first] == breaking[breaking > 0].min()
    app.segmented_control(key="order").set_value("mistakes").run()
    wrong = np.sum(DENSE.probabilities(dataset.scale(MNIST.test_images)).argmax(1) != MNIST.test_labels)
    assert f"{wrong} test images" in app.caption[0].value and "wrong" in text(app)
    app.segmented_control(key="order").set_value("unsure").run()
    assert not app.exception
    app.segmented_control(key="split").set_value("training").run()
    app.segmented_control(key="order").set_value("fragile").run()
    assert any("test images only" in caption.value for caption in app.caption)


def test_sliders_stay_where_they_were_when_the_page_is_left():
    app = opened("shift")
    app.slider(key="dx").set_value(5).run()
    app.switch_page("mnist_model/pages/data/page.py").run()
    app.switch_page("mnist_model/pages/shift/page.py").run()
    assert app.slider(key="dx").value == 5


def test_a_network_that_cannot_be_read_gets_one_sentence(monkeypatch):
    monkeypatch.setenv("MNIST_NETWORK", "/no/such/folder")
    app = opened("shift")
    app.sidebar.selectbox(key="network").set_value("/no/such/folder").run()
    assert "There is no network 'folder'" in app.error[0].value and not app.exception


def test_an_image_looked_at_on_data_is_the_digit_at_hand_on_the_other_pages():
    app = opened("data")
    assert "digit" not in app.session_state, "the first one was not asked for"
    app.number_input(key="jump_test").set_value(115).run()
    app.switch_page("mnist_model/pages/shift/page.py").run()
    assert app.session_state.digit.code == "test-115" and "test image 115" in text(app)
    app.switch_page("mnist_model/pages/data/page.py").run()
    app.number_input(key="jump_test").set_value(116).run()
    app.session_state.inside = "forward"
    app.switch_page("mnist_model/pages/train/page.py").run()
    assert app.session_state.digit.code == "test-116" and not app.exception
