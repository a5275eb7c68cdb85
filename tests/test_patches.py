"""A network that is compiled as products of patches says and learns what Keras's layers do."""

from functools import partial

import keras
import numpy as np
import pytest
import tensorflow as tf

from mnist_model.networks.recipe import Recipe
from mnist_model.networks.registry import NETWORKS
from mnist_model.training import models, patches

IMAGES = np.random.default_rng(1).random((5, 28, 28), np.float32)
LABELS = np.arange(5)


def learned(said, model: keras.Model) -> list[np.ndarray]:
    """Probabilities, and the gradients of their loss."""
    with tf.GradientTape() as tape:
        probabilities = said(tf.constant(IMAGES))
        loss = keras.losses.sparse_categorical_crossentropy(LABELS, probabilities)
    return [probabilities.numpy(), *(each.numpy() for each in tape.gradient(loss, model.trainable_variables))]


@pytest.mark.parametrize(
    "layers",
    [
        "conv-16,max-2,conv-32,max-2,flatten",
        "conv-3-4-2-same,conv-2-3-2-same-tanh,flatten,dense-7",  # 28 is a multiple of the stride
        "conv-3-6-3-same,max-3-2,conv-2-1-1-valid-none,flatten",  # 28 is none
        "conv-2-1-2-same,max-2-3,flatten",  # a window smaller than its stride
        "max-5-4,flatten,dense-9",
    ],
)
def test_products_of_patches_are_keras_convolutions(layers):
    keras.utils.set_random_seed(2)
    model = models.of_stack(layers)
    assert patches.are_worth_it(model)
    for ours, theirs in zip(learned(partial(patches.probabilities, model), model), learned(model, model), strict=True):
        assert ours == pytest.approx(theirs, abs=1e-5)


def test_numbers_are_left_out_only_while_it_learns():
    model = models.of_stack("flatten,dense-50,drop-50")
    rows = patches.probabilities(model, tf.constant(np.repeat(IMAGES[:1], 2, 0))).numpy()
    assert not np.allclose(rows[0], rows[1])


@pytest.mark.parametrize(
    ("layers", "is_compiled"),
    [
        (NETWORKS["dense"].stack(Recipe()), True),
        (NETWORKS["conv"].stack(Recipe()), True),
        (NETWORKS["conv-global"].stack(Recipe()), False),  # XLA is slow at the maximum of each map
        ("conv-16,conv-32,max-4,flatten", False),  # 82,944 numbers of patches
        ("conv-4,blur,flatten", False),
    ],
)
def test_what_xla_would_make_slower_it_does_not_get(layers, is_compiled):
    assert patches.are_worth_it(models.of_stack(layers)) == is_compiled
