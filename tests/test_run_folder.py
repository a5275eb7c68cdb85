"""A run folder gives back what was put into it; whatever else is found there is one sentence with its name."""

import json
import shutil

import numpy as np
import pytest

from mnist_model.networks import classifier, run_folder
from mnist_model.networks.errors import NetworkError
from mnist_model.networks.places import Places
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.registry import NETWORKS
from mnist_model.networks.run_folder import SHIPPED, RunFolder, find, shipped

DENSE = find("dense")
BROKEN = "cannot be read"


@pytest.fixture
def run(tmp_path):
    """A copy of a shipped network's folder."""
    return RunFolder(shutil.copytree(DENSE.path, tmp_path / "dense-1"))


def change(file, **changes):
    file.write_text(json.dumps(json.loads(file.read_text()) | changes))


def recipe(**changes):
    return {"recipe": json.loads((DENSE.path / "report.json").read_text())["recipe"] | changes}


def test_a_report_comes_back_as_it_was(run):
    report = run.report()
    before = json.loads((run.path / "report.json").read_text())
    run.write_report(report)
    after = json.loads((run.path / "report.json").read_text())
    assert run.report() == report and {name: after[name] for name in before if name != "recipe"} == {
        name: value for name, value in before.items() if name != "recipe"
    }
    assert before["recipe"].items() <= after["recipe"].items(), "fields that came later have their defaults"


def test_a_history_comes_back_as_it_was(run):
    history = run.history()
    assert len(history) > 100 and history[0].epoch == 0 and history[0].test_accuracy is not None
    assert any(record.test_accuracy is None for record in history)
    run.write_history(history)
    assert run.history() == history


def test_weights_come_back_as_they_were(run):
    weights = [np.random.default_rng(0).normal(size=shape).astype(np.float32) for shape in [(3, 3, 1, 4), (4,)]]
    for epoch in (0, 1, None):
        run.write_weights([weight + (epoch == 1) for weight in weights], epoch)
    assert run.epochs() == [0, 1]
    assert all(map(np.array_equal, run.weights(), weights))
    assert np.array_equal(run.weights(1)[1], weights[1] + 1)
    with pytest.raises(NetworkError, match=BROKEN):
        run.weights(2)


def test_large_weights_of_many_epochs_are_thinned_evenly_and_the_first_and_the_last_stay(run, monkeypatch):
    """Ten of 100 bytes have room: all, then every second, every fourth … and the latest."""
    monkeypatch.setattr(run_folder, "ROOM", 1000)
    kept = {}
    for epoch in range(101):
        run.write_epoch([np.full(25, epoch, np.float32)], epoch)
        kept[epoch] = run.epochs()
        assert len(kept[epoch]) <= 10
    assert kept[8] == list(range(9)) and kept[9] == [0, 2, 4, 6, 8, 9] and kept[10] == [0, 2, 4, 6, 8, 10]
    assert kept[100] == [*range(0, 100, 16), 100]
    assert [run.weights(epoch)[0][0] for epoch in kept[100]] == kept[100]


def test_files_travel_as_they_are(run, tmp_path):
    run.write_weights([np.zeros(3)], 1)
    assert "epochs/001.npz" not in run.files()
    other = RunFolder(tmp_path / "elsewhere")
    other.write_files(run.files("**/*"))
    assert other.files("**/*") == run.files("**/*") and other.report() == run.report()
    assert np.array_equal(other.weights(1)[0], np.zeros(3))


@pytest.mark.parametrize("centred", [False, True])
def test_figures_on_shifted_images_come_back_as_they_were(tmp_path, centred):
    kept, run = DENSE.shifts(centred), RunFolder(tmp_path)
    assert not run.shifts_changed(centred)
    run.write_shifts(kept, centred, {"command": "none"})
    assert all(np.array_equal(a, b) for a, b in zip(kept, run.shifts(centred), strict=True))
    assert run.shifts_changed(centred) and not run.shifts_changed(not centred)
    assert json.loads(run.write_shifts(kept, centred, {"command": "none"}).read_text())["command"] == "none"


@pytest.mark.parametrize("centred", [False, True])
def test_figures_within_3_px_come_back_as_they_were(tmp_path, centred):
    kept, run = Places(0.002, 0.25, 1), RunFolder(tmp_path)
    assert not run.places_changed(centred)
    assert json.loads(run.write_places(kept, centred, {"command": "none"}).read_text())["command"] == "none"
    assert run.places(centred) == kept
    assert run.places_changed(centred) and not run.places_changed(not centred)


@pytest.mark.parametrize("figures", [{"changed": 1.2}, {"everywhere": float("nan")}, {"mnist_c": None}])
def test_figures_within_3_px_that_are_no_fractions_are_refused(run, figures):
    change(run.path / "places.json", **figures)
    with pytest.raises(NetworkError, match=BROKEN):
        run.places()


def test_shuffled_figures_and_owners_come_back(run):
    run.write_shuffled(0.5, {"seed": 0})
    assert run.shuffled_accuracy() == 0.5
    assert run.owner() == ""
    run.claim("ab12")
    assert run.owner() == "ab12"


def test_a_reader_never_sees_half_a_file(run, monkeypatch):
    """Where a write fails, the file is as it was."""
    before = (run.path / "report.json").read_bytes()

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        run.write_report(run.report())
    assert (run.path / "report.json").read_bytes() == before


def test_its_change_is_seen(run):
    before = run.changed()
    run.write_report(run.report())
    assert run.changed() > before and RunFolder(run.path / "nowhere").changed() == 0


REPORTS = {
    "unknown recipe keys": recipe(optimizer="sgd"),
    "a recipe out of bounds": recipe(batch=-3),
    "a recipe of other types": recipe(epochs="five"),
    "no recipe": {"recipe": None},
    "an unknown network": {"network": "transformer"},
    "a network that is no name": {"network": ["dense"]},
    "NaN": {"seconds": float("nan")},
    "infinity": {"test_loss": float("inf")},
    "an accuracy beyond 1": {"test_accuracy": 97.8},
    "a confusion matrix of another size": {"confusion_matrix": [[1, 2], [3, 4]]},
    "parameters that are no number": {"parameters": "many"},
    "layers that are none": {"layers": [1, 2]},
    "versions that are none": {"versions": "3.11"},
}
CONTENTS = {
    "half a report": b'{"network": "dense", "rec',
    "an empty one": b"",
    "a list": b"[1, 2]",
    "null": b"null",
    "bytes": b"\xff\xfe\x00\x80",
    "nested without end": b"[" * 100_000,
}


@pytest.mark.parametrize("changes", REPORTS.values(), ids=REPORTS)
def test_a_foreign_report_is_one_sentence_with_the_folders_name(run, changes):
    change(run.path / "report.json", **changes)
    with pytest.raises(NetworkError, match=f"^dense-1 {BROKEN}: .*[^.]\\.$"):
        run.report()
    with pytest.raises(NetworkError, match=BROKEN):
        classifier.load(run.path)


@pytest.mark.parametrize("content", CONTENTS.values(), ids=CONTENTS)
def test_a_broken_report_is_one_sentence_with_the_folders_name(run, content):
    (run.path / "report.json").write_bytes(content)
    with pytest.raises(NetworkError, match=f"^dense-1 {BROKEN}: "):
        run.report()


def test_keys_that_are_not_known_are_left_alone(run):
    change(run.path / "report.json", ghosts=3)
    assert run.report() == DENSE.report()


def test_a_run_from_before_there_were_layers_is_a_run(run):
    report = json.loads((run.path / "report.json").read_text())
    for later in ("layers", "epochs", "accuracy_at_px", "command", "versions"):
        del report[later]
    (run.path / "report.json").write_text(json.dumps(report))
    assert run.report().epochs == 5 and run.report().layers == ()
    assert run.report().evaluation.accuracy_at_px == {}


PARTS = {
    "history.csv": RunFolder.history,
    "weights.npz": RunFolder.weights,
    "epochs/001.npz": lambda run: run.weights(1),
    "model.keras": RunFolder.keras_layers,
    "shift.json": RunFolder.shifts,
    "breaking.npy": RunFolder.shifts,
    "places.json": RunFolder.places,
    "shuffled.json": RunFolder.shuffled_accuracy,
    "model.tflite": lambda run: classifier.load(run.path),
    "layers.tflite": lambda run: classifier.load(run.path).activations(np.zeros((28, 28), np.float32)),
}


@pytest.mark.parametrize("damage", ["missing", "empty", "text", "cut"])
@pytest.mark.parametrize("name", PARTS)
def test_a_damaged_part_is_one_sentence(run, name, damage):
    file = run.path / name
    if damage == "missing" and name != "epochs/001.npz":
        file.unlink()
    elif damage != "missing":
        file.parent.mkdir(exist_ok=True)
        whole = file.read_bytes() if file.exists() else b"PK\x03\x04"
        file.write_bytes({"empty": b"", "text": b"epoch\nnone\n", "cut": whole[: len(whole) // 2]}[damage])
    if (name, damage) in {("history.csv", "empty"), ("history.csv", "cut")}:
        return  # that may still be a history
    with pytest.raises(NetworkError):
        PARTS[name](run)


def test_weights_with_pickled_objects_are_not_opened(run):
    np.savez(run.path / "weights.npz", np.array([print], dtype=object))
    with pytest.raises(NetworkError, match=BROKEN):
        run.weights()


@pytest.mark.parametrize("content", [{"arr_0": np.array([np.nan])}, {}, {"other": np.ones(3)}])
def test_weights_that_are_none_are_refused(run, content):
    np.savez(run.path / "weights.npz", **content)
    with pytest.raises(NetworkError, match=BROKEN):
        run.weights()


def test_a_history_with_nan_is_refused(run):
    run.write_history([run.history()[0]._replace(loss=float("nan"))])
    with pytest.raises(NetworkError, match=BROKEN):
        run.history()


@pytest.mark.parametrize("figures", [{"accuracy": [0.5]}, {"map": [[float("nan")] * 17] * 17}, {"map": None}])
def test_figures_of_another_shape_are_refused(run, figures):
    change(run.path / "shift.json", **figures)
    with pytest.raises(NetworkError, match=BROKEN):
        run.shifts()


def test_shipped_networks_are_found_by_name_and_all_can_be_read():
    assert shipped() == list(NETWORKS)
    for name in shipped():
        assert find(name).path == SHIPPED / name and find(name).report().recipe == NETWORKS[name].recipe
        assert find(name).is_shipped and not RunFolder(SHIPPED.parent).is_shipped
    assert find("/somewhere/else").path.as_posix() == "/somewhere/else"


def test_the_shipped_recipe_is_the_tutorials():
    assert find("dense").report().recipe == Recipe()
