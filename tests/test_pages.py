"""Every page runs, says what it shows, and answers what is asked of it. (The canvas needs a browser: test_browser.)"""

import functools
import re
from pathlib import Path

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from mnist_model import __main__, checkpoints, classifier, dataset, evaluation, folders, measured, runs, shifting
from mnist_model.pages import queue
from mnist_model.recipes import Recipe
from mnist_model.remedies import REMEDIES

MNIST = dataset.load()
DENSE = classifier.load("dense")


@pytest.fixture(autouse=True)
def no_process_for_training(monkeypatch, tmp_path):
    """Pages are opened often here, and nothing is trained: TensorFlow need not get ready."""
    monkeypatch.setattr(runs, "prepare", lambda: None)
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path / "runs"))


@pytest.fixture
def own_runs():
    """Trains a small network in this process, into the folder of runs."""

    def make(name: str, measured: bool = True, **changes) -> Path:
        from mnist_model import networks, training

        recipe = Recipe(**{"epochs": 1, "examples": 500} | changes)
        model, history = networks.build("dense", recipe), []
        with folders.writing(folders.home() / name) as partial:
            for record in training.train(model, recipe, MNIST):
                history.append(record)
                if float(record["epoch"]).is_integer():
                    checkpoints.write(partial, int(record["epoch"]), model.get_weights())
            training.save(partial, model, history, training.report(model, "dense", recipe, history))
            if measured:
                evaluation.complete(partial, evaluation.measure(classifier.load(partial), MNIST))
        return folders.home() / name

    return make


def progress(app: AppTest) -> str:
    return app.get("progress")[0].proto.text


def button(app: AppTest, label: str):
    return next(each for each in app.button if each.label == label)


def opened(page: str) -> AppTest:
    app = AppTest.from_file("../app.py", default_timeout=60).run()
    app = app if page == "draw" else app.switch_page(f"mnist_model/pages/{page}.py").run()
    assert not app.exception
    return app


def text(app: AppTest) -> str:
    markup = " ".join(element.proto.body for element in app.get("html"))
    return re.sub(r"<style>.*?</style>|<[^>]+>", " ", markup, flags=re.DOTALL)


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
    report = DENSE.report
    assert [m.value for m in app.metric] == [f"{100 * report[on]:.1f} %" for on in ("train_accuracy", "test_accuracy")]
    assert "100,480 parameters" in text(app) and "Flatten" in app.code[0].value


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


def test_what_is_chosen_is_what_is_trained(monkeypatch):
    submitted = []
    monkeypatch.setattr(runs, "submit", lambda *arguments, **rest: submitted.append((arguments, rest)))
    app = opened("train")
    app.number_input(key="recipe_examples").set_value(1000)
    app.number_input(key="recipe_seed").set_value(7)
    app.selectbox(key="recipe_batch").set_value(256).run()
    button(app, "Train").click().run()
    ((arguments, rest),) = submitted
    options = __main__._parser().parse_args(arguments)
    assert __main__._recipe(options) == Recipe(examples=1000, seed=7, batch=256)
    assert 1 < rest["expected"] < 60 and rest["alive"]()


@pytest.mark.parametrize(
    ("how", "kept", "sentence"),
    [
        ({"error": "it was ended from outside."}, False, "Your training of dense failed: it was ended from outside."),
        ({"error": "The disk is full: nothing of this run could be kept."}, False, "failed: The disk is full"),
        ({"stopped": True}, True, "You stopped it after 1.50 epochs; what it had learned is kept."),
        ({"stopped": True}, False, "You stopped it before it had learned anything; nothing was kept."),
        ({"stopped": True, "lost": True}, True, "your browser was gone for more than a minute; what it had learned is"),
        ({}, True, "Your training of dense is done."),
    ],
)
def test_how_a_training_ended_is_said_in_one_sentence(monkeypatch, how, kept, sentence):
    run = runs.Run(("train", "dense", "--epochs=5"), "", lambda: True, Path("nowhere"), 0.0, **how)
    record = dict.fromkeys(("test_loss", "test_accuracy")) | {"loss": 1.0, "accuracy": 0.5}
    run.records += [record | {"epoch": epoch, "examples": 60_000 * epoch, "seconds": epoch} for epoch in (0.5, 1.5)]
    run.records += [{"folder": "nowhere"}] * kept
    run.process = "ended"
    run.ended.set()
    monkeypatch.setattr(runs, "latest", lambda owner, command: run if command == "train" else None)
    app = opened("train")
    (said,) = [*app.error, *app.info, *app.success]
    assert sentence in said.value


def test_a_run_that_waits_says_where_and_can_leave(monkeypatch):
    monkeypatch.setattr(runs, "_launch", lambda run: None)
    runs.submit("train", "dense", "--epochs=5", expected=30)
    monkeypatch.setattr(runs, "submit", functools.partial(runs.submit, "train", "dense", "--epochs=5"))
    try:
        app = opened("train")
        monkeypatch.setattr(queue, "submit", lambda *_, **__: runs.submit(owner=app.session_state.owner))
        button(app, "Train").click().run()
        assert "You are number 1 in the queue: one run has to end first. That takes about 30 s." in progress(app)
        assert button(app, "Train").disabled
        button(app, "Leave the queue").click().run()
        assert not app.exception and not button(app, "Train").disabled
        assert app.info[0].value == "You left the queue."
    finally:
        runs._waiting.clear()
        runs._running.clear()
        runs._latest.clear()


def test_finished_runs_are_compared_used_scrubbed_and_deleted(own_runs):
    folder = own_runs("dense-a", epochs=2)
    own_runs("dense-b", learning_rate=0.1)
    app = opened("train")
    assert "Your runs (0)" in str(app.get("button_group")[1].proto) and "Earlier runs (2)" in str(
        app.get("button_group")[1]
    )
    app.session_state.owner = "0123456789abcdef"
    folders.claim(folder, "0123456789abcdef")
    del app.session_state["runs"]
    app.run()
    assert not app.exception
    report = classifier.load(folder).report
    assert app.slider(key=f"moment-{folder.name}").max == 2
    for moment in (0, 1, 2):
        app.slider(key=f"moment-{folder.name}").set_value(moment).run()
        weights = checkpoints.read(folder, moment)
        said = classifier.load(folder).with_weights(weights).probabilities(dataset.scale(MNIST.test_images[0]))[0]
        assert f"{100 * said.max():.1f} %" in text(app)
    assert f"{100 * report['test_accuracy']:.1f} % of the test images right" in re.sub(r"\s+", " ", text(app))
    button(app, "Use it on every page").click().run()
    assert app.sidebar.selectbox(key="network").value == str(folder)
    for page in ("draw", "data", "shift", "train"):
        assert not app.switch_page(f"mnist_model/pages/{page}.py").run().exception
    button(app, "Delete").click().run()
    assert not app.exception and not folder.exists()
    assert app.sidebar.selectbox(key="network").value == "dense"


def test_a_run_that_was_stopped_can_be_shown_before_it_is_measured(own_runs):
    folder = own_runs("dense-a", measured=False)
    app = opened("train")
    app.session_state.owner = "0123456789abcdef"
    folders.claim(folder, "0123456789abcdef")
    del app.session_state["runs"]
    app.run()
    button(app, "Use it on every page").click().run()
    assert not app.exception and any("has not been measured" in caption.value for caption in app.caption)
    for page in ("draw", "data", "shift"):
        assert not app.switch_page(f"mnist_model/pages/{page}.py").run().exception


def test_a_damaged_run_does_no_harm(own_runs):
    folder = own_runs("dense-a")
    (folder / "report.json").write_text("{")
    own_runs("dense-b")
    app = opened("train")
    assert not app.exception


def test_the_shift_page_says_what_the_library_says():
    app = opened("shift")
    image = dataset.scale(MNIST.test_images[4])
    app.number_input(key="test_index").set_value(4).run()
    places = shifting.place_map(DENSE, image)
    for dx, dy in [(0, 0), (4, 0), (-3, 5)]:
        app.slider(key="dx").set_value(dx)
        app.slider(key="dy").set_value(dy).run()
        after = places[dy + 14, dx + 14]
        assert f"{after.argmax()} {100 * after.max():.1f} %" in re.sub(r"\s+", " ", text(app))
        changed = after.argmax() != places[14, 14].argmax()
        assert ("it said" in text(app)) == changed


def test_the_shift_page_says_how_much_ink_has_left():
    app = opened("shift")
    app.slider(key="dx").set_value(14).run()
    lost = shifting.ink_lost(dataset.scale(MNIST.test_images[0]), 14, 0)
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
    image = dataset.scale(MNIST.test_images[0])
    for remedy in REMEDIES:
        network = classifier.load(remedy.network)
        front = classifier.Centred(network) if remedy.centred else network
        probabilities = front.probabilities(shifting.shift(image, 3, -2))[0]
        expected = f"{remedy.title} {probabilities.argmax()} {100 * probabilities.max():.1f} %"
        assert expected in re.sub(r"\s+", " ", text(app))


def test_the_accuracy_at_the_offset_is_the_measured_one_and_the_edge_is_named():
    measured_dense = measured.read(classifier.NETWORKS / "dense")
    inside, outside = opened_section("Maps", 3, -2), opened_section("Maps", 11, -2)
    assert f"dense {100 * measured_dense.map[-2 + 8, 3 + 8]:.1f} %" in re.sub(r"\s+", " ", text(inside))
    assert f"dense {100 * measured_dense.map[-2 + 8, 16]:.1f} %" in re.sub(r"\s+", " ", text(outside))
    assert "outside the maps" in text(outside) and "outside the maps" not in text(inside)


def test_the_verdict_shows_every_measured_figure():
    shown = text(opened_section("Verdict"))
    for remedy in REMEDIES:
        figures = measured.read(classifier.NETWORKS / remedy.network, remedy.centred)
        for value in (*figures.by_shift[[0, 2, 4, 6]], figures.nearby):
            assert f" {100 * value:.1f} " in shown
        assert f"{classifier.load(remedy.network).report['parameters']:,}" in shown


@pytest.mark.parametrize("name", ["Accuracy", "Maps", "Breaking", "Why", "Where", "Verdict", "Shuffled"])
def test_a_section_opens_also_where_all_ink_has_left(name):
    app = opened_section(name, 14, 14)
    app.number_input(key="test_index").set_value(3).run()
    assert not app.exception and len(text(app)) > 1000


def test_a_run_from_before_there_were_layers_gets_one_sentence_under_why(tmp_path, monkeypatch):
    for file in ("model.tflite", "report.json"):
        (tmp_path / file).write_bytes((DENSE.folder / file).read_bytes())
    monkeypatch.setenv("MNIST_NETWORK", str(tmp_path))
    app = opened("shift")
    app.sidebar.selectbox(key="network").set_value(str(tmp_path)).run()
    app.segmented_control(key="section").set_value("Why").run()
    assert not app.exception and "train it again" in app.error[0].value


def test_the_breaking_points_on_the_page_are_the_librarys():
    shown = re.sub(r"\s+", " ", text(opened_section("Breaking")))
    points = shifting.breaking_points(
        shifting.along_directions(shifting.place_map(DENSE, dataset.scale(MNIST.test_images[0])))
    )
    right, _, down, *_ = points
    assert f"→ {right or '–'}" in shown and f"↓ {down or '–'}" in shown


@pytest.mark.parametrize("name", classifier.shipped())
def test_every_page_opens_with_every_network(name):
    app = opened("train")
    app.sidebar.selectbox(key="network").set_value(name).run()
    assert not app.exception
    parameters = f"{classifier.load(name).report['parameters']:,} parameters"
    assert any(parameters in markdown.value for markdown in app.markdown)
    for page in ("shift", "data"):
        assert not app.switch_page(f"mnist_model/pages/{page}.py").run().exception


def test_the_data_page_puts_the_most_fragile_first_and_shows_mistakes_only():
    app = opened("data")
    breaking = measured.read(classifier.NETWORKS / "dense").breaking
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
    app.switch_page("mnist_model/pages/data.py").run()
    app.switch_page("mnist_model/pages/shift.py").run()
    assert app.slider(key="dx").value == 5


def test_a_network_that_cannot_be_read_gets_one_sentence(monkeypatch):
    monkeypatch.setenv("MNIST_NETWORK", "/no/such/folder")
    app = opened("shift")
    app.sidebar.selectbox(key="network").set_value("/no/such/folder").run()
    assert "There is no network '/no/such/folder'" in app.error[0].value and not app.exception
