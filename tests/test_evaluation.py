"""What a report says of a network is what the network says of the images."""

import json

import numpy as np
import pytest

from mnist_model import classifier, dataset, evaluation, measured, shifting

MNIST = dataset.load()
DENSE = classifier.load("dense")


def test_the_figures_are_those_of_keras_and_of_the_shift_command():
    import keras

    done = []
    found = evaluation.measure(DENSE, MNIST, done.append)
    model = keras.models.load_model(DENSE.folder / "model.keras")
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    loss, accuracy = model.evaluate(dataset.scale(MNIST.test_images), MNIST.test_labels, verbose=0)
    assert found["test_loss"] == pytest.approx(loss, abs=1e-4)
    assert found["test_accuracy"] == pytest.approx(accuracy, abs=2e-4)
    by_shift = measured.read(DENSE.folder).by_shift
    assert found["accuracy_at_px"] == pytest.approx({"2": by_shift[2], "4": by_shift[4]}, abs=1e-4)
    assert np.sum(found["confusion_matrix"]) == 10_000
    assert np.trace(found["confusion_matrix"]) == 10_000 * found["test_accuracy"]
    assert done == sorted(done) and done[-1] == 1


def test_a_shift_of_two_pixels_is_one_in_each_direction():
    images = dataset.scale(MNIST.test_images)
    moved = [shifting.shift(images, *offset) for offset in [(2, 0), (-2, 0), (0, 2), (0, -2)]]
    right = [(DENSE.probabilities(each).argmax(1) == MNIST.test_labels).mean() for each in moved]
    assert DENSE.report["accuracy_at_px"]["2"] == pytest.approx(np.mean(right), abs=1e-4)


def test_completing_a_report_keeps_the_rest(tmp_path):
    (tmp_path / "report.json").write_text(json.dumps({"network": "dense", "test_accuracy": None}))
    evaluation.complete(tmp_path, {"test_accuracy": 0.9})
    assert json.loads((tmp_path / "report.json").read_text()) == {"network": "dense", "test_accuracy": 0.9}
    assert [file.name for file in tmp_path.iterdir()] == ["report.json"]
