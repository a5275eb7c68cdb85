"""Networks as XLA compiles them well on a CPU: a convolution is the product of its patches and its kernel.

A convolution of Keras's own it makes several times slower (conv: 86 ms a step and 12 without XLA, which this way are
halved); with maxima of whole maps or a margin it gains nothing. Networks of such layers stay TensorFlow's graph.
"""

import functools
import math

import keras
import tensorflow as tf

ROWS = (keras.layers.Flatten, keras.layers.Reshape, keras.layers.Dense, keras.layers.Dropout)
MAPS = (keras.layers.Conv2D, keras.layers.MaxPooling2D)
MOST = 50_000  # numbers that an image's patches may be: with more, making them takes what the product saves


def are_worth_it(model: keras.Model) -> bool:
    """Whether XLA makes a network faster whose convolutions are products of patches."""
    return all(
        isinstance(layer, ROWS + MAPS) and (not isinstance(layer, keras.layers.Conv2D) or _numbers(layer) <= MOST)
        for layer in model.layers
    )


def probabilities(model: keras.Model, images: tf.Tensor) -> tf.Tensor:
    """What a model of such layers says while it learns: images (n, 28, 28) in 0–1 -> probabilities (n, 10)."""
    values = images
    for layer in model.layers:
        if isinstance(layer, keras.layers.Conv2D):
            values = _convolved(layer, values)
        elif isinstance(layer, keras.layers.MaxPooling2D):
            values = _pooled(layer, values)
        else:
            values = layer(values, training=True)
    return values


def _numbers(layer: keras.layers.Conv2D) -> int:
    """How many numbers the patches of an image are."""
    return math.prod(layer.output.shape[1:3]) * math.prod(layer.kernel.shape[:3])


def _convolved(layer: keras.layers.Conv2D, maps: tf.Tensor) -> tf.Tensor:
    size, stride = layer.kernel_size[0], layer.strides[0]
    maps = _padded(maps, size, stride) if layer.padding == "same" else maps
    windows = [column for row in _windows(maps, 1, size, stride) for column in _windows(row, 2, size, stride)]
    patches = tf.concat(windows, -1)
    kernel = tf.reshape(layer.kernel.value, (-1, layer.filters))
    product = tf.matmul(tf.reshape(patches, (-1, kernel.shape[0])), kernel) + layer.bias.value
    return layer.activation(tf.reshape(product, (-1, *patches.shape[1:3], layer.filters)))


def _pooled(layer: keras.layers.MaxPooling2D, maps: tf.Tensor) -> tf.Tensor:
    for axis in (1, 2):
        maps = functools.reduce(tf.maximum, _windows(maps, axis, layer.pool_size[0], layer.strides[0]))
    return maps


def _windows(maps: tf.Tensor, axis: int, size: int, stride: int) -> list[tf.Tensor]:
    """What a window that moves by a stride along an axis (1 or 2) has at each of its `size` places."""
    last = maps.shape[axis] - size
    cuts = [slice(first, first + last + 1, stride) for first in range(size)]
    return [maps[:, cut] if axis == 1 else maps[:, :, cut] for cut in cuts]


def _padded(maps: tf.Tensor, size: int, stride: int) -> tf.Tensor:
    """With as many zeros around as TensorFlow's "same" has; where it is an odd number, one more at the end."""
    missing = max(size - (maps.shape[1] % stride or stride), 0)
    margin = (missing // 2, missing - missing // 2)
    return tf.pad(maps, ((0, 0), margin, margin, (0, 0)))
