"""Keras networks from stacks of layers."""

import functools

import keras

from mnist_model.networks import stack
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.registry import TRAINABLE


def build(name: str, recipe: Recipe) -> keras.Model:
    """A network of the registry with the recipe's layers, and random weights by its seed.

    The next one like it is the same object again, so that what was compiled for it is still there.
    """
    layers = TRAINABLE[name].stack(recipe)
    kept = _kept(layers)
    keras.utils.set_random_seed(recipe.seed)
    for variable, fresh in zip(kept.variables, of_stack(layers).variables, strict=True):  # where Dropout is, too
        variable.assign(fresh)
    return kept


def of_stack(text: str) -> keras.Model:
    """A stack of layers as a Keras model."""
    layers = [getattr(keras.layers, kind)(**arguments) for kind, arguments in stack.keras_layers(stack.parse(text))]
    return keras.Sequential([keras.Input((28, 28)), *layers])


_kept = functools.lru_cache(maxsize=4)(of_stack)
