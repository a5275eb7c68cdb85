"""The class's own digits on the pages: browsed, nudged, learned from."""

import re
from types import SimpleNamespace

import numpy as np
import pytest
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from mnist_model.classroom import digits as class_digits
from mnist_model.classroom import people, room
from mnist_model.classroom.database import changing
from mnist_model.classroom.errors import ClassError
from mnist_model.classroom.exchange import npz
from mnist_model.classroom.measured import NETWORKS, Counted
from mnist_model.engine import worker
from mnist_model.images import ink_code
from mnist_model.lesson import states
from mnist_model.networks import classifier
from mnist_model.networks.history import Record
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.remedies import REMEDIES
from mnist_model.networks.run_folder import RunFolder
from mnist_model.pages.shared import digit
from mnist_model.pages.shared import queue as pages_queue
from mnist_model.pages.shift import verdict
from mnist_model.pages.train import ours
from mnist_model.render.tables import share
from mnist_model.runs import durations, store
from mnist_model.runs.jobs import OURS, Train
from mnist_model.runs.messages import Progress
from mnist_model.runs.run import Run, State
from mnist_model.training.errors import Diverged, NobodyElse
from mnist_model.training.ours import Halves, read
from tests.engine import pages_have_a_queue
from tests.our_class import MNIST, inks, teachers_cookies, write, written

COUNT = 60  # more than a page of the gallery


@pytest.fixture(autouse=True)
def school(monkeypatch, tmp_path):
    """A server that others can reach, as far as it knows."""
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path))
    monkeypatch.setenv("MNIST_REACHED_AT", "0.0.0.0:1")


def opened(page: str, **address: object) -> AppTest:
    app = AppTest.from_file("../app.py", default_timeout=60)
    for name, value in address.items():
        app.session_state[name] = value
    app.run().switch_page(f"mnist_model/pages/{page}/page.py").run()
    assert not app.exception
    return app


def shown(app: AppTest) -> list[str]:
    return [each.value for each in (*app.info, *app.caption, *app.subheader)]


def test_our_digits_are_browsed_as_the_others_are():
    write(COUNT)
    app = opened("data")
    app.segmented_control(key="split").set_value("ours").run()
    assert f"{COUNT} digits" in shown(app)
    app.number_input(key="jump_ours").set_value(COUNT - 1).run()
    artist = people.person((COUNT - 1) % 4).name
    assert f"Our digit {COUNT - 1}, by the {artist}" in shown(app)
    app.pills(key="digits").set_value([7]).run()
    assert f"{(MNIST.test_labels[:COUNT] == 7).sum()} digits" in shown(app)
    app.pills(key="digits").set_value([]).run()
    app.segmented_control(key="order").set_value("mistakes").run()
    images = MNIST.test_images[:COUNT].astype("float32") / 255
    wrong = classifier.load("dense").probabilities(images).argmax(1) != MNIST.test_labels[:COUNT]
    said = f"{wrong.sum()} digits" if wrong.any() else "No image is left: choose other digits or another order."
    assert said in shown(app)
    app.segmented_control(key="order").set_value("fragile").run()
    assert "Breaking points are measured on the test images only." in shown(app)


def test_one_of_our_digits_is_taken_to_shift_with_its_label():
    write(12)
    app = opened("data")
    app.segmented_control(key="split").set_value("ours").run()
    app.number_input(key="jump_ours").set_value(5).run()
    next(each for each in app.button if each.label == "Nudge it").click().run()
    digit = app.session_state.digit
    assert (digit.image == written()[5].ink).all() and digit.label == MNIST.test_labels[5]
    assert (ink_code.decode(digit.code) == digit.image).all() and not app.exception


def test_the_verdict_has_the_shares_of_our_digits_that_each_remedy_reads():
    write(COUNT)
    app = opened("shift", section="Verdict")
    said = " ".join(re.sub("<.*?>", " ", each.body) for each in app.get("html")).split()
    images, labels = MNIST.test_images[:COUNT].astype("float32") / 255, MNIST.test_labels[:COUNT]
    for remedy in REMEDIES:
        right = (
            classifier.front(classifier.load(remedy.network), remedy.centred).probabilities(images).argmax(1) == labels
        )
        expected = f"{remedy.title} {re.sub('<.*?>', ' ', share(right.sum(), COUNT))}".split()
        assert " ".join(expected) in " ".join(said)


def test_a_hidden_digit_is_not_browsed():
    write(3)
    hidden = written()[1]
    with changing() as connection:
        class_digits.hide(connection, hidden.id, all_of_its_browser=False)
    app = opened("data")
    app.segmented_control(key="split").set_value("ours").run()
    assert "2 digits" in shown(app)


@pytest.mark.parametrize(
    ("gate_open", "is_teacher", "said"),
    [(False, False, "The wall is not open yet."), (False, True, "3 digits"), (True, False, "3 digits")],
)
def test_pupils_browse_our_digits_once_the_wall_is_open(monkeypatch, gate_open, is_teacher, said):
    write(3, gate_open=gate_open)
    monkeypatch.setattr(ContextProxy, "cookies", teachers_cookies() if is_teacher else {"nudge_teacher": "x"})
    app = opened("data")
    app.segmented_control(key="split").set_value("ours").run()
    assert any(said in each for each in shown(app))
    assert (len(app.get("pagination")) > 0) == (said == "3 digits")


def test_where_nobody_has_written_a_sentence_says_so_and_without_a_class_there_is_no_third_split(monkeypatch):
    write(0)
    app = opened("data")
    app.segmented_control(key="split").set_value("ours").run()
    assert any("Nobody has written a digit yet" in each for each in shown(app))
    monkeypatch.delenv("MNIST_REACHED_AT")
    assert opened("data").segmented_control(key="split").options == ["training", "test"]


def test_a_link_to_our_digits_says_what_is_missing(monkeypatch):
    write(3)
    app = AppTest.from_file("../app.py", default_timeout=60).run()
    app.query_params.update(split="ours", image="2")
    app.switch_page("mnist_model/pages/data/page.py").run()
    assert any(each.startswith("Our digit 2") for each in shown(app)) and not app.warning
    monkeypatch.delenv("MNIST_REACHED_AT")
    app = AppTest.from_file("../app.py", default_timeout=60).run()
    app.query_params.update(split="ours", image="2")
    app.switch_page("mnist_model/pages/data/page.py").run()
    assert any("There is no class" in each for each in shown(app)) and not app.warning and not app.exception


def test_a_lesson_may_open_our_digits():
    assert states.parse("/data?split=ours&digits=7").values == {"split": "ours", "digits": "7"}


# Learned from


@pytest.fixture
def queue(monkeypatch):
    """A queue whose engine says nothing of itself."""
    with pages_have_a_queue(monkeypatch) as made:
        yield made


def box(app: AppTest) -> list:
    return [each for each in app.checkbox if each.key == "with_ours"]


@pytest.mark.parametrize(("count", "gate_open", "offered"), [(40, True, 1), (40, False, 0), (12, True, 0)])
def test_our_digits_are_offered_where_enough_may_be_seen(queue, count, gate_open, offered):
    write(count, gate_open=gate_open)
    assert len(box(opened("train"))) == offered


def test_without_a_class_there_is_nothing_to_tick(monkeypatch, queue):
    write(40)
    monkeypatch.delenv("MNIST_REACHED_AT")
    assert not box(opened("train"))


def press_train(app: AppTest) -> Run[Train]:
    next(each for each in app.button if each.label == "Train").click().run()
    assert not app.exception
    (run,) = pages_queue.queue().unfinished() or pages_queue.queue()._known
    return run


def test_a_training_gets_our_digits_when_it_begins_without_those_hidden_by_then(queue):
    write(40)
    app = opened("train")
    usual = form_says(app)
    box(app)[0].check().run()
    assert form_says(app) > usual, "it is trained more than once"
    run = press_train(app)
    assert run.job.ours
    with changing() as connection:
        class_digits.hide(connection, written()[0].id, all_of_its_browser=False)
    halves = read(run.files()[OURS])
    assert len(halves.images) + len(halves.others) == 39
    with changing() as connection:
        room.erase(connection)
    with pytest.raises(ClassError):
        run.files()


def form_says(app: AppTest) -> float:
    return next(seconds(each.proto.body) for each in app.get("html") if 'class="amount"' in each.proto.body)


def seconds(markup: str) -> float:
    found = re.search(r"about <b>(?:(\d+) min )?(\d+) s", markup)
    return 60 * int(found[1] or 0) + int(found[2])


def test_a_run_whose_digits_were_erased_says_so(queue):
    write(40)
    app = opened("train")
    with changing() as connection:
        room.erase(connection)
    run = queue.submit(
        Train("dense", Recipe(), store.new("dense"), ours=True), files=lambda: {OURS: ours.packed(leads=True)}
    )
    run.ended.wait(10)
    assert (
        run.state is State.FAILED
        and "Nobody has written a digit yet" in run.error
        and not any(act == "begin" for act, _ in queue.engine.told)
    )
    assert not app.exception


def test_where_one_half_was_hidden_nothing_is_trained():
    with pytest.raises(NobodyElse):
        read(npz([each for each in written_by_two() if each.number == 0]))


def written_by_two() -> list[class_digits.Digit]:
    write(6, artists=2)
    return written()


HALVES = Halves(MNIST.test_images[:40], MNIST.test_labels[:40], MNIST.test_images[40:100], MNIST.test_labels[40:100])


def test_every_tenth_image_is_one_of_ours_and_all_the_others_stay():
    mixed = HALVES.mixed(MNIST, seed=3)
    places = np.arange(0, 60_000, 10)
    others = np.setdiff1d(np.arange(60_000), places)
    assert (mixed.train_images[others] == MNIST.train_images[others]).all()
    assert (mixed.train_labels[others] == MNIST.train_labels[others]).all()
    labels = {image.tobytes(): label for image, label in zip(HALVES.images, HALVES.labels, strict=True)}
    ours = mixed.train_images[places]
    assert all(labels[image.tobytes()] == mixed.train_labels[place] for image, place in zip(ours, places, strict=True))
    assert {image.tobytes() for image in ours} == labels.keys()
    fewer = {image.tobytes() for image in HALVES.mixed(MNIST, 3, 10).train_images[places]}
    assert len(fewer) == 10 and fewer < labels.keys()
    assert HALVES.mixed(MNIST, 3, 0) is MNIST and (mixed.test_images == MNIST.test_images).all()


@pytest.fixture
def trained(tmp_path):
    """A network that has learned from our digits, and what was said meanwhile."""
    from mnist_model.training import run

    said = []
    recipe = Recipe(epochs=2, examples=2000, shift=1)
    report = run.run("dense", recipe, MNIST, tmp_path / "dense-1", said.append, lambda: False, HALVES)
    return report, RunFolder(tmp_path / "dense-1"), said


def test_a_comparison_that_diverges_costs_its_row_and_not_the_network(tmp_path, monkeypatch):
    from mnist_model.training import run

    learned = []

    def learn(*asked, **more):
        learned.append(asked)
        if len(learned) == 3:
            raise Diverged("the loss was no longer a number.")
        return whole(*asked, **more)

    whole = run.learn
    monkeypatch.setattr(run, "learn", learn)
    recipe = Recipe(epochs=1, examples=2000)
    report = run.run("dense", recipe, MNIST, tmp_path / "dense-1", lambda said: None, lambda: False, HALVES)
    assert [count for count, _ in report.ours.right] == [0, 20, 40] and RunFolder(tmp_path / "dense-1").exists()


def test_of_few_digits_none_is_counted_twice():
    assert HALVES._replace(images=HALVES.images[:3]).fewer(1.0) == [0, 1]


def test_what_our_digits_buy_is_counted_on_others_and_no_digit_is_kept(trained):
    report, folder, said = trained
    assert report.ours.tested == 60 and [learned for learned, _ in report.ours.right] == [0, 10, 20, 40]
    images = HALVES.others.astype(np.float32) / 255
    reads = int((classifier.load(folder.path).probabilities(images).argmax(1) == HALVES.others_labels).sum())
    assert report.ours.right[-1][1] == reads
    assert folder.report() == report and "40 digits of a class" in report.described
    done = [each.done for each in said if isinstance(each, Progress)]
    assert done == sorted(done) and done[-1] == 1 and 0 < done[0] < 0.2
    assert [each.epoch for each in said if isinstance(each, Record)][-1] == 2, "the others' curves are not shown"
    kept = folder.files("**/*")
    images = {image.tobytes() for image in (*HALVES.images, *HALVES.others)}
    assert not any(image in content for image in images for content in kept.values())
    learned = folder.learned()
    assert not images & {image.tobytes() for image in learned.reshape(-1, 28, 28)}


def test_the_train_page_says_what_our_digits_bought_and_offers_the_plain_recipe_anew(queue, trained):
    report, folder, _ = trained
    app = opened("train", borrowed=str(folder.path), choose_next=str(folder.path))
    table = next(each.proto.body for each in app.get("html") if "of our digits learned from" in each.proto.body)
    learned, right = report.ours.right[-1]
    assert f"<th>{learned}</th>" in table and share(right, 60) in table and "<th>none</th>" in table
    assert "Trained on us" in shown(app)


def test_a_worker_gets_our_digits_as_bytes_and_leaves_none(monkeypatch, tmp_path):
    got = []

    class Spy:
        def run(self, name, recipe, mnist, target, say, stopping, ours):
            got.append(ours)
            RunFolder(target).write_files({"report.json": b"{}"})

    said = SimpleNamespace(log_event=lambda *_: None, local_directory=tmp_path)
    monkeypatch.setattr(worker, "training_modules", lambda: (Spy(), None))
    monkeypatch.setattr(worker, "get_worker", lambda: said)
    write(40)
    job = Train("dense", Recipe(), tmp_path / "dense-1", ours=True)
    made = worker.work("topic", "key", job, {OURS: ours.packed(leads=True)})
    assert made == {"report.json": b"{}"}
    assert sorted(map(bytes, (*got[0].images, *got[0].others))) == sorted(inks(written()))


@pytest.mark.parametrize(("loop", "times"), [(9.0, 4), (11.0, 2)])
def test_what_is_expected_counts_the_trainings_that_it_is_compared_with(monkeypatch, loop, times):
    monkeypatch.setattr(durations, "training", lambda network, recipe: loop if recipe.epochs > 1 else 0.0)
    alone, together = (durations.seconds("dense", Recipe(epochs=5), ours=with_ours) for with_ours in (False, True))
    assert together == pytest.approx(times * alone)
    assert len(HALVES.fewer(loop)) == times - 1 and HALVES.fewer(loop)[0] == 0


def test_what_would_be_refused_is_said_before_one_presses(monkeypatch, queue):
    write(40)
    monkeypatch.setattr(queue, "_longest", 180)
    app = opened("train")
    app.selectbox(key="kind").set_value("conv-global").run()
    button = lambda: next(each for each in app.button if each.label == "Train")  # noqa: E731
    assert not app.error and not button().disabled
    box(app)[0].check().run()
    (said,) = [each.value for each in app.error]
    assert "a training here may take 3" in said and "trained at least twice" in said and button().disabled
    app.number_input(key="recipe_epochs").set_value(2).run()
    assert not app.error and not button().disabled


@pytest.mark.parametrize("way", ["hidden", "erased"])
def test_a_digit_that_is_nudged_goes_when_the_teacher_takes_it_away(way):
    write(3)
    app = opened("data")
    app.segmented_control(key="split").set_value("ours").run()
    app.number_input(key="jump_ours").set_value(1).run()
    app.switch_page("mnist_model/pages/shift/page.py").run()
    assert app.session_state.digit.source.startswith("our digit 1")
    app.slider(key="dx").set_value(2).run()
    assert app.session_state.digit.source.startswith("our digit 1"), "it stays while it is there"
    with changing() as connection:
        room.erase(connection) if way == "erased" else class_digits.hide(connection, written()[1].id, False)
    app.slider(key="dx").set_value(3).run()
    assert not app.exception and app.session_state.digit.code == digit.opening().code


def test_behind_centring_the_digits_count_as_they_are_read_centred(monkeypatch):
    read = [Counted(name, np.zeros(4, bool), np.ones(4, bool), 0.9) for name in NETWORKS]
    monkeypatch.setattr(verdict, "counted", lambda: read)
    for title, cell in re.findall(r"<tr><th>(.+?)</th><td>(.+?)</td>", verdict.ours()):
        assert cell == share(4 if "centring" in title else 0, 4)
