"""Other weights in a LiteRT file say what Keras's own export of them says."""

import keras
import numpy as np
import pytest

from mnist_model import classifier, dataset, lite, networks, training
from mnist_model.recipes import RECIPES, Recipe

IMAGES = dataset.scale(dataset.load().test_images[:200])


@pytest.mark.parametrize("name", RECIPES)
def test_a_filled_file_is_as_good_as_an_exported_one(name, tmp_path):
    model = networks.build(name, Recipe(seed=4))
    filled = classifier.load(name).with_weights(model.get_weights())
    assert filled.probabilities(IMAGES) == pytest.approx(model(IMAGES).numpy(), abs=1e-5)


@pytest.mark.parametrize("hidden", [1, 50, 512])
def test_a_dense_network_may_be_narrower_or_wider(hidden):
    model = networks.build("dense", Recipe(hidden=hidden))
    dense = classifier.load("dense")
    filled = dense.with_weights(model.get_weights())
    assert filled.probabilities(IMAGES) == pytest.approx(model(IMAGES).numpy(), abs=1e-5)
    with pytest.raises(lite.OtherLayers):
        dense.with_weights(classifier.load("conv").weights)


def test_every_layer_of_a_filled_file_answers(tmp_path):
    model, recipe = networks.build("dense", Recipe(hidden=20)), Recipe(hidden=20)
    start = [{"epoch": 0, "seconds": 0.0}]
    training.save(tmp_path, model, [], training.report(model, "dense", recipe, start))
    *_, hidden, answers = classifier.load(tmp_path).activations(IMAGES)
    assert hidden.shape == (200, 20) and answers == pytest.approx(model(IMAGES).numpy(), abs=1e-5)


def test_layers_that_are_not_the_shipped_ones_are_exported(tmp_path):
    other = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
    training.save(tmp_path, other, [], training.report(other, "dense", Recipe(), [{"epoch": 0, "seconds": 0.0}]))
    saved = classifier.load(tmp_path)
    assert saved.probabilities(IMAGES) == pytest.approx(other(IMAGES).numpy(), abs=1e-5)
    assert np.array_equal(saved.weights[0], other.get_weights()[0])
