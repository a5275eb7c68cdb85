"""A saved network answers the same from LiteRT as from Keras, from any thread, at once."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from mnist_model.images import dataset
from mnist_model.networks import classifier
from mnist_model.networks.errors import NetworkError
from mnist_model.networks.run_folder import SHIPPED

IMAGES = dataset.scale(dataset.load().test_images[:1200])
DENSE = classifier.load("dense")

FIRST_PREDICTION = """
import sys
import numpy as np
from mnist_model.networks import classifier
classifier.load("dense").probabilities(np.zeros((28, 28), np.float32))
assert "tensorflow" not in sys.modules
"""


def test_it_agrees_with_keras():
    import keras

    model = keras.models.load_model(SHIPPED / "dense" / "model.keras")
    assert DENSE.probabilities(IMAGES) == pytest.approx(model(IMAGES).numpy(), abs=1e-5)


def test_probabilities_sum_to_one():
    probabilities = DENSE.probabilities(IMAGES)
    assert probabilities.shape == (1200, 10) and probabilities.dtype == np.float32
    assert probabilities.sum(1) == pytest.approx(1, abs=1e-5)


def test_one_image_and_no_image_are_images_too():
    assert DENSE.probabilities(IMAGES[0]) == pytest.approx(DENSE.probabilities(IMAGES[:1]))
    assert DENSE.probabilities(IMAGES[:0]).shape == (0, 10)


def test_bytes_are_refused_rather_than_guessed_at():
    with pytest.raises(TypeError, match="divide by 255"):
        DENSE.probabilities(dataset.load().test_images[:2])


@pytest.mark.parametrize("shape", [(28,), (27, 28), (2, 28, 28, 1)])
def test_other_shapes_are_refused(shape):
    with pytest.raises(ValueError, match=r"\(n, 28, 28\)"):
        DENSE.probabilities(np.zeros(shape, np.float32))


def test_many_threads_get_the_answers_one_would():
    expected = DENSE.probabilities(IMAGES)

    def ask(i: int) -> bool:
        part = slice(i % 700, i % 700 + 1 + i % 90)
        return np.allclose(DENSE.probabilities(IMAGES[part]), expected[part], atol=1e-6)

    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(800)))


def test_loading_and_a_first_prediction_need_no_tensorflow():
    subprocess.run([sys.executable, "-c", FIRST_PREDICTION], check=True)


def test_a_folder_can_be_named():
    assert classifier.load(SHIPPED / "dense").name == "dense"


@pytest.mark.parametrize("name", ["conv9000", "/no/such/folder", ""])
def test_an_unknown_network_gets_one_sentence(name):
    with pytest.raises(NetworkError, match=r"There is no network .*dense"):
        classifier.load(name)


@pytest.mark.parametrize("content", [b"not a network", b""])
def test_a_damaged_network_gets_one_sentence(tmp_path, content):
    (tmp_path / "model.tflite").write_bytes(content)
    (tmp_path / "report.json").write_bytes((DENSE.folder.path / "report.json").read_bytes())
    with pytest.raises(NetworkError, match="damaged"):
        classifier.load(tmp_path)


def test_a_network_for_something_else_gets_one_sentence(tmp_path):
    (tmp_path / "model.tflite").write_bytes((DENSE.folder.path / "layers.tflite").read_bytes())
    (tmp_path / "report.json").write_bytes((DENSE.folder.path / "report.json").read_bytes())
    with pytest.raises(NetworkError, match="damaged"):
        classifier.load(tmp_path)


def test_the_shipped_network_is_the_tutorials():
    report = DENSE.report
    assert report.parameters == 101_770 and report.evaluation.test_accuracy >= 0.975
    mnist = dataset.load()
    predictions = DENSE.probabilities(dataset.scale(mnist.test_images)).argmax(1)
    assert np.mean(predictions == mnist.test_labels) == pytest.approx(report.evaluation.test_accuracy, abs=2e-4)
    assert np.sum(report.evaluation.confusion_matrix) == 10_000
