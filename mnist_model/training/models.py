"""The Keras networks: the builders that networks/registry.py names."""

import functools

import keras
from keras import layers

from mnist_model.networks.recipe import Recipe
from mnist_model.networks.registry import NETWORKS


def dense(hidden: int = 128) -> keras.Model:
    """The tutorial's network exactly: every pixel to 128 hidden units, those to ten digits; 101,770 parameters."""
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(hidden, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def conv() -> keras.Model:
    """What tutorials promise will help: two convolutions with max-pooling, then Flatten; 12,810 parameters."""
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Reshape((28, 28, 1)),
            layers.Conv2D(16, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Conv2D(32, 3, activation="relu"),
            layers.MaxPooling2D(),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def conv_global() -> keras.Model:
    """Four convolutions, then the maximum over all positions: where a feature was seen is forgotten on purpose.

    61,130 parameters, fewer than dense. Two strides of 2 make it four times as fast; within 4 pixels they leave
    positions a little different.
    """
    return keras.Sequential([*_features_anywhere(64), layers.Dense(10, activation="softmax")])


def robust() -> keras.Model:
    """For anyone's handwriting: conv_global with 128 features instead of 64, and a hidden layer; 106,314 parameters.

    What makes it read strangers is less its layers than what it is trained on: see its recipe and training/epochs.py.
    """
    return keras.Sequential(
        [*_features_anywhere(128), layers.Dense(64, activation="relu"), layers.Dense(10, activation="softmax")]
    )


def _features_anywhere(count: int) -> list:
    """Layers that say which of `count` features are anywhere in an image.

    Only the image is padded, with paper, so wide that the last maps look beyond every edge: zeros between the layers
    would not be what the network makes of paper, and would give positions away.
    """
    return [
        keras.Input((28, 28)),
        layers.Reshape((28, 28, 1)),
        layers.ZeroPadding2D(((6, 7), (6, 7))),
        layers.Conv2D(16, 5, strides=2, activation="relu"),
        layers.Conv2D(32, 3, activation="relu"),
        layers.Conv2D(64, 3, strides=2, activation="relu"),
        layers.Conv2D(count, 3, activation="relu"),
        layers.GlobalMaxPooling2D(),
    ]


def build(name: str, recipe: Recipe) -> keras.Model:
    """A network of the registry with the recipe's hidden units, and random weights by its seed.

    The next one like it is the same object again, so that what was compiled for it is still there.
    """
    network = NETWORKS[name]
    hidden = {"hidden": recipe.hidden} if network.has_hidden else {}
    kept = _kept(network.builder, **hidden)
    keras.utils.set_random_seed(recipe.seed)
    kept.set_weights(_built(network.builder, **hidden).get_weights())
    return kept


def _built(builder: str, **hidden: int) -> keras.Model:
    return globals()[builder](**hidden)


_kept = functools.lru_cache(maxsize=4)(_built)
