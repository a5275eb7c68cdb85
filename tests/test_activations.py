"""What is shown of a network's inside is what happens there, counted another way."""

import numpy as np
import pytest

from mnist_model.images import dataset, shifting
from mnist_model.networks import activations, classifier
from mnist_model.networks.errors import NetworkError
from mnist_model.networks.run_folder import SHIPPED, shipped

IMAGES = dataset.scale(dataset.load().test_images[:20])
DENSE, CONV, POOLED = map(classifier.load, ("dense", "conv", "conv-global"))


@pytest.mark.parametrize("name", shipped())
def test_activations_are_keras_own_layer_by_layer(name):
    import keras

    model = keras.models.load_model(SHIPPED / name / "model.keras")
    every_layer = keras.Model(model.inputs, [layer.output for layer in model.layers])
    network = classifier.load(name)
    for ours, theirs in zip(network.activations(IMAGES), every_layer(IMAGES), strict=True):
        assert ours == pytest.approx(theirs.numpy(), abs=1e-4)
    for ours, theirs in zip(network.weights, model.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)


def test_a_units_total_is_what_the_layer_adds_up():
    units = activations.telling_units(DENSE, IMAGES[0], count=5)
    hidden = DENSE.activations(IMAGES[0])[1][0]
    for unit in units:
        assert max(0, unit.total(IMAGES[0])) == pytest.approx(hidden[unit.number], abs=1e-3)


def test_without_the_most_telling_unit_the_answer_loses_most():
    (best, *_) = activations.telling_units(DENSE, IMAGES[0])
    _, _, kernel, bias = DENSE.weights
    hidden = DENSE.activations(IMAGES[0])[1][0]
    answer = DENSE.probabilities(IMAGES[0]).argmax()

    def logit_without(j):
        return (np.delete(hidden, j) @ np.delete(kernel, j, 0) + bias)[answer]

    assert best.number == min(range(128), key=logit_without)


def test_feature_maps_move_with_the_digit_and_pooling_forgets_where():
    before, now = (activations.features(POOLED, image) for image in (IMAGES[0], shifting.shift(IMAGES[0], 4, -4)))
    assert now.first[:-2, 2:] == pytest.approx(np.roll(before.first, (-2, 2), (0, 1))[:-2, 2:], abs=1e-4)
    assert activations.similarity(now.vector, before.vector) > 0.95
    assert before.vector == pytest.approx(before.last.max((0, 1)))


def test_similarity_is_the_cosine():
    others = np.array([[3.0, 0], [0, 2], [1, 1]])
    assert activations.similarity(np.array([1.0, 0]), others) == pytest.approx([1, 0, 2**-0.5])
    assert activations.similarity(np.zeros(2), np.ones(2)) == 0


def test_similarity_by_shift_is_of_what_the_last_layer_gets():
    kernel, bias, *_ = DENSE.weights

    def hidden(image):
        return np.maximum(image.reshape(-1) @ kernel + bias, 0)

    offsets = [(3, 0), (-3, 0), (0, 3), (0, -3)]
    moved = [hidden(shifting.shift(IMAGES[0], *offset)) for offset in offsets]
    first = hidden(IMAGES[0])
    cosines = [each @ first / np.linalg.norm(each) / np.linalg.norm(first) for each in moved]
    assert activations.similarity_by_shift(DENSE, IMAGES[0])[3] == pytest.approx(np.mean(cosines), abs=1e-4)


def test_the_hidden_vector_of_the_pooled_network_stays_more_alike():
    dense, conv, pooled = (activations.similarity_by_shift(network, IMAGES[0]) for network in (DENSE, CONV, POOLED))
    assert dense[0] == pytest.approx(1) and len(dense) == 15
    assert pooled[4] > 0.9 > max(dense[4], conv[4])


def test_a_run_from_before_there_were_layers_gets_one_sentence(tmp_path):
    for file in ("model.tflite", "report.json"):
        (tmp_path / file).write_bytes((DENSE.folder.path / file).read_bytes())
    old = classifier.load(tmp_path)
    with pytest.raises(NetworkError, match="train it again"):
        old.activations(IMAGES)
    with pytest.raises(NetworkError, match="weights missing"):
        _ = old.weights


def test_a_vector_is_laid_out_in_rows():
    for size, shape in [(64, (8, 8)), (800, (20, 40)), (96, (8, 12)), (7, (7, 1))]:
        assert activations.as_picture(np.arange(size)).shape == shape
