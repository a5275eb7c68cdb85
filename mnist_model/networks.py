"""The Keras networks, one builder function each, and their registry."""

from collections.abc import Callable

import keras
from keras import layers


def dense() -> keras.Model:
    """The tutorial's network exactly: every pixel to 128 hidden units, those to ten digits; 101,770 parameters."""
    return keras.Sequential(
        [
            keras.Input((28, 28)),
            layers.Flatten(),
            layers.Dense(128, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


BUILDERS: dict[str, Callable[[], keras.Model]] = {"dense": dense}
