"""The Keras that people are shown runs as it is after the tutorial's lines, and builds the network it stands by."""

from dataclasses import replace

import numpy as np
import pytest

from mnist_model.images import dataset
from mnist_model.networks import classifier
from mnist_model.networks.keras_code import LOADING, keras_code
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.run_folder import find, shipped

MNIST = dataset.load()
FEW = 640


@pytest.fixture
def tutorial(monkeypatch):
    """What the tutorial's lines load, a few images of it: there is no internet here."""
    arrays = (MNIST.train_images[:FEW], MNIST.train_labels[:FEW]), (MNIST.test_images[:FEW], MNIST.test_labels[:FEW])
    import tensorflow as tf

    monkeypatch.setattr(tf.keras.datasets.mnist, "load_data", lambda: arrays)


def run(code: str) -> dict:
    scope: dict = {}
    exec(compile(LOADING + code, "pasted", "exec"), scope)
    return scope


@pytest.mark.parametrize("name", shipped())
def test_it_builds_and_trains_exactly_this_network(tutorial, name):
    network = classifier.load(name)
    recipe = replace(network.report.recipe, epochs=1)
    model = run(keras_code(network.folder.keras_layers(), recipe))["model"]
    assert model.count_params() == network.report.parameters
    assert [type(layer).__name__ for layer in model.layers] == [layer.kind for layer in network.report.layers]
    assert [layer.output.shape[1:] for layer in model.layers] == [layer.output_shape for layer in network.report.layers]
    assert model.optimizer.iterations == -(-FEW // recipe.batch)
    model.set_weights(network.weights)
    images = dataset.scale(MNIST.test_images[:100])
    assert model.predict(images, verbose=0) == pytest.approx(network.probabilities(images), abs=1e-5)


def test_shifted_training_sees_moved_images(tutorial, monkeypatch):
    import keras

    seen = []
    monkeypatch.setattr(keras.Sequential, "fit", lambda self, images, *rest, **how: seen.append(np.array(images)))
    run(keras_code(find("dense-shifted").keras_layers(), Recipe(epochs=2, shift=6)))
    first, second = seen
    assert first.shape == second.shape == (FEW, 28, 28) and not np.array_equal(first, second)
    ink = first.sum((1, 2)) / dataset.scale(MNIST.train_images[:FEW]).sum((1, 2))
    assert ink.max() <= 1.0001 and np.median(ink) > 0.9, "moved with zero fill: some ink leaves, none comes in"


@pytest.mark.parametrize(
    ("recipe", "line"),
    [
        (Recipe(epochs=3, batch=64), "model.fit(train_images / 255, train_labels,\n          epochs=3, batch_size=64)"),
        (Recipe(examples=500), "model.fit(train_images[:500] / 255, train_labels[:500],\n"),
        (Recipe(learning_rate=0.1), "rate = 0.1"),
        (Recipe(learning_rate=0.003, decay=True, batch=64), "CosineDecay(0.003, 4690)"),
        (Recipe(drawn=10), "# Nudge also changes these images"),
    ],
)
def test_the_recipe_is_in_it(recipe, line):
    assert line in keras_code(find("dense").keras_layers(), recipe)


def test_the_tutorials_network_is_told_as_the_tutorial_tells_it():
    code = keras_code(find("dense").keras_layers(), Recipe())
    assert "tf.keras.layers.Flatten()," in code
    assert 'tf.keras.layers.Dense(128, activation="relu"),' in code
    assert 'tf.keras.layers.Dense(10, activation="softmax"),' in code
