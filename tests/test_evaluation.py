"""What a report says of a network is what the network says of the images."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_model.images import dataset
from mnist_model.networks import classifier, evaluation
from mnist_model.networks.positions import Probabilities
from mnist_model.runs import measuring

MNIST = dataset.load()
DENSE = classifier.load("dense")


class Always(Probabilities):
    """Says one digit of every image."""

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        return np.tile(np.eye(10, dtype=np.float32)[3], (len(images), 1))


@pytest.fixture(scope="module")
def found():
    done = []
    evaluated = evaluation.evaluate(DENSE, MNIST, 60_000, done.append)
    assert done == sorted(done) and done[-1] == 1, "progress goes up to its end"
    return evaluated


def test_the_figures_are_those_of_keras(found):
    import keras

    model = keras.models.load_model(DENSE.folder.keras_file)
    model.compile(loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    loss, accuracy = model.evaluate(dataset.scale(MNIST.test_images), MNIST.test_labels, verbose=0)
    assert found.test_loss == pytest.approx(loss, abs=1e-4)
    assert found.test_accuracy == pytest.approx(accuracy, abs=2e-4)


def test_the_figures_are_those_of_the_report_and_of_the_shift_command(found):
    by_shift = DENSE.folder.shifts().by_shift
    assert found.accuracy_at_px == pytest.approx({"2": by_shift[2], "4": by_shift[4]}, abs=1e-4)
    assert found.train_accuracy == pytest.approx(DENSE.report.evaluation.train_accuracy, abs=1e-4)


def test_rows_of_the_confusion_matrix_are_true_digits(found):
    said = DENSE.probabilities(dataset.scale(MNIST.test_images)).argmax(1)
    for true, predicted in [(4, 9), (9, 4), (7, 2), (3, 3)]:
        count = np.sum((MNIST.test_labels == true) & (said == predicted))
        assert found.confusion_matrix[true][predicted] == count
    assert found.confusion_matrix[4][9] != found.confusion_matrix[9][4], "or the test would say nothing"


def test_a_network_that_always_says_3_is_right_for_the_3s():
    found = evaluation.evaluate(Always(), MNIST, 500)
    assert found.test_accuracy == np.mean(MNIST.test_labels == 3)
    assert found.train_accuracy == np.mean(MNIST.train_labels[:500] == 3)
    assert found.accuracy_at_px["4"] == pytest.approx(found.test_accuracy)
    assert [sum(row) for row in found.confusion_matrix] == np.bincount(MNIST.test_labels).tolist()


def test_evaluating_a_run_completes_its_report_and_keeps_the_rest(tmp_path):
    for file in ("model.tflite", "weights.npz"):
        (tmp_path / file).write_bytes((DENSE.folder.path / file).read_bytes())
    folder = type(DENSE.folder)(tmp_path)
    stopped = replace(DENSE.report, evaluation=None, epochs=1.5)
    folder.write_report(stopped)
    assert folder.report() == stopped
    report = measuring.evaluate_run(tmp_path, MNIST)
    assert folder.report() == report == replace(stopped, evaluation=report.evaluation)
    assert report.evaluation.test_accuracy == pytest.approx(DENSE.report.evaluation.test_accuracy)
