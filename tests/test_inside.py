"""What is shown of a network's inside is what happens there, counted another way."""

import numpy as np
import pytest

from mnist_model import classifier, dataset, inside, shifting

IMAGES = dataset.scale(dataset.load().test_images[:20])
DENSE, CONV, POOLED = map(classifier.load, ("dense", "conv", "conv-global"))


@pytest.mark.parametrize("name", classifier.shipped())
def test_activations_are_keras_own_layer_by_layer(name):
    import keras

    model = keras.models.load_model(classifier.NETWORKS / name / "model.keras")
    every_layer = keras.Model(model.inputs, [layer.output for layer in model.layers])
    network = classifier.load(name)
    for ours, theirs in zip(network.activations(IMAGES), every_layer(IMAGES), strict=True):
        assert ours == pytest.approx(theirs.numpy(), abs=1e-4)
    for ours, theirs in zip(network.weights, model.get_weights(), strict=True):
        assert np.array_equal(ours, theirs)


def test_a_units_total_is_what_the_layer_adds_up():
    units = inside.telling_units(DENSE, IMAGES[0], count=5)
    hidden = DENSE.activations(IMAGES[0])[1][0]
    for unit in units:
        assert max(0, unit.total(IMAGES[0])) == pytest.approx(hidden[unit.number], abs=1e-3)


def test_without_the_most_telling_unit_the_answer_loses_most():
    (best, *_) = inside.telling_units(DENSE, IMAGES[0])
    _, _, kernel, bias = DENSE.weights
    hidden = DENSE.activations(IMAGES[0])[1][0]
    answer = DENSE.probabilities(IMAGES[0]).argmax()

    def logit_without(j):
        return (np.delete(hidden, j) @ np.delete(kernel, j, 0) + bias)[answer]

    assert best.number == min(range(128), key=logit_without)


def test_feature_maps_move_with_the_digit_and_pooling_forgets_where():
    before, now = (inside.features(POOLED, image) for image in (IMAGES[0], shifting.shift(IMAGES[0], 4, -4)))
    assert now.first[:-2, 2:] == pytest.approx(np.roll(before.first, (-2, 2), (0, 1))[:-2, 2:], abs=1e-4)
    assert inside.similarity(now.vector, before.vector) > 0.95
    assert before.vector == pytest.approx(before.last.max((0, 1)))


def test_similarity_is_the_cosine():
    assert inside.similarity(np.array([1.0, 0]), np.array([[3.0, 0], [0, 2], [1, 1]])) == pytest.approx([1, 0, 2**-0.5])
    assert inside.similarity(np.zeros(2), np.ones(2)) == 0


def test_the_hidden_vector_of_the_pooled_network_stays_more_alike():
    dense, conv, pooled = (inside.similarity_by_shift(network, IMAGES[0]) for network in (DENSE, CONV, POOLED))
    assert dense[0] == pytest.approx(1) and len(dense) == 15
    assert pooled[4] > 0.9 > max(dense[4], conv[4])


def test_a_run_from_before_there_were_layers_gets_one_sentence(tmp_path):
    for file in ("model.tflite", "report.json"):
        (tmp_path / file).write_bytes((DENSE.folder / file).read_bytes())
    old = classifier.load(tmp_path)
    with pytest.raises(classifier.NetworkError, match="train it again"):
        old.activations(IMAGES)
    with pytest.raises(classifier.NetworkError, match="train it again"):
        _ = old.weights
