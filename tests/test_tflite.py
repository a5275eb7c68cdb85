"""Other weights in a LiteRT file say what Keras's own export of them says."""

import keras
import numpy as np
import pytest

from mnist_model.images import dataset
from mnist_model.networks import classifier
from mnist_model.networks.errors import OtherLayers
from mnist_model.networks.history import Record
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.registry import NETWORKS
from mnist_model.networks.run_folder import RunFolder
from mnist_model.training import models, run

START = Record(0, 0, 0.0, 2.3, 0.1, 2.3, 0.1)
IMAGES = dataset.scale(dataset.load().test_images[:200])


@pytest.mark.parametrize("name", NETWORKS)
def test_a_filled_file_is_as_good_as_an_exported_one(name, tmp_path):
    model = models.build(name, Recipe(seed=4))
    filled = classifier.load(name).with_weights(model.get_weights())
    assert filled.probabilities(IMAGES) == pytest.approx(model(IMAGES).numpy(), abs=1e-5)


@pytest.mark.parametrize("hidden", [1, 50, 512])
def test_a_dense_network_may_be_narrower_or_wider(hidden):
    model = models.build("dense", Recipe(hidden=hidden))
    dense = classifier.load("dense")
    filled = dense.with_weights(model.get_weights())
    assert filled.probabilities(IMAGES) == pytest.approx(model(IMAGES).numpy(), abs=1e-5)
    with pytest.raises(OtherLayers):
        dense.with_weights(classifier.load("conv").weights)


def test_every_layer_of_a_filled_file_answers(tmp_path):
    model, recipe = models.build("dense", Recipe(hidden=20)), Recipe(hidden=20)
    run.save(RunFolder(tmp_path), model, "dense", recipe, [START])
    *_, hidden, answers = classifier.load(tmp_path).activations(IMAGES)
    assert hidden.shape == (200, 20) and answers == pytest.approx(model(IMAGES).numpy(), abs=1e-5)


def test_layers_that_are_not_the_shipped_ones_are_exported(tmp_path):
    other = keras.Sequential([keras.Input((28, 28)), keras.layers.Flatten(), keras.layers.Dense(10, "softmax")])
    run.save(RunFolder(tmp_path), other, "dense", Recipe(), [START])
    saved = classifier.load(tmp_path)
    assert saved.probabilities(IMAGES) == pytest.approx(other(IMAGES).numpy(), abs=1e-5)
    assert np.array_equal(saved.weights[0], other.get_weights()[0])
