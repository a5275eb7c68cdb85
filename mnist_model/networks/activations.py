"""What goes on inside a network as a digit moves: hidden units, feature maps, what pooling leaves of them."""

import math
from typing import NamedTuple

import numpy as np

from mnist_model.images.resampling import SIZE
from mnist_model.images.shifting import FURTHEST, STRAIGHT, shift
from mnist_model.networks.classifier import Centred, Classifier


class Unit(NamedTuple):
    """A hidden unit of a dense network: its number, its weights (28, 28) and its bias."""

    number: int
    kernel: np.ndarray
    bias: float

    def total(self, image: np.ndarray) -> float:
        """What the unit adds up for an image (28, 28), before ReLU."""
        return float((self.kernel * image).sum() + self.bias)


class Features(NamedTuple):
    """What a convolutional network makes of one image."""

    first: np.ndarray  # (h, w, channels), the first convolution's feature maps
    last: np.ndarray  # (h, w, channels), the feature maps before Flatten or global pooling
    vector: np.ndarray  # (n,), what the last layer receives


def is_dense(network: Classifier) -> bool:
    """Whether the network is one layer of hidden units with ReLU that look at the pixels themselves."""
    layers = [(layer.kind, layer.activation) for layer in network.report.layers]
    return layers == [("Flatten", None), ("Dense", "relu"), ("Dense", "softmax")]


def first_weights(weights: list[np.ndarray], count: int) -> np.ndarray:
    """The first layer's weights of the first `count` hidden units or kernels, each as a picture: (count, h, w)."""
    kernel = weights[0]
    side = math.isqrt(len(kernel))  # of the image, which may be pooled
    pictures = kernel.reshape(side, side, -1) if kernel.ndim == 2 else kernel[:, :, 0]
    return np.moveaxis(pictures, -1, 0)[:count]


def telling_units(network: Classifier, image: np.ndarray, count: int = 3) -> list[Unit]:
    """The hidden units of a dense network that speak most for its answer: activation times weight to that answer."""
    kernel, bias, to_answers, _ = network.weights
    *_, hidden, probabilities = network.activations(image)
    votes = hidden[0] * to_answers[:, probabilities[0].argmax()]
    return [Unit(int(j), kernel[:, j].reshape(SIZE, SIZE), float(bias[j])) for j in votes.argsort()[::-1][:count]]


def features(network: Classifier, image: np.ndarray) -> Features:
    """The feature maps of a convolutional network for one image (28, 28)."""
    outputs = [output[0] for output in network.activations(image)]
    kinds = [layer.kind for layer in network.report.layers]
    maps = [output for output in outputs if output.ndim == 3]
    return Features(outputs[kinds.index("Conv2D")], maps[-1], outputs[-2])


def strongest(maps: np.ndarray, count: int) -> np.ndarray:
    """The channels of feature maps (h, w, channels) with the highest total, highest first: (count,)."""
    return maps.sum((0, 1)).argsort()[::-1][:count]


def as_picture(vector: np.ndarray) -> np.ndarray:
    """A vector (n,) laid out in rows, at most about twice as wide as high: (h, w)."""
    widths = range(int((2 * vector.size) ** 0.5), 0, -1)
    return vector.reshape(-1, next(width for width in widths if vector.size % width == 0))


def similarity(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Cosine similarity of vectors (…, n): 1 for the same direction, 0 where they share nothing (or one is zero)."""
    lengths = np.linalg.norm(a, axis=-1) * np.linalg.norm(b, axis=-1)
    return (a * b).sum(-1) / np.maximum(lengths, 1e-9)


def similarity_by_shift(network: Classifier | Centred, image: np.ndarray) -> np.ndarray:
    """How similar the last hidden vector stays when an image is moved by k = 0 to 14 pixels: (15,) cosines.

    The mean of right, left, down and up.
    """
    moved = [shift(image, k * dx, k * dy) for k in range(FURTHEST + 1) for dx, dy in STRAIGHT]
    hidden = network.activations(np.stack(moved))[-2].reshape(FURTHEST + 1, len(STRAIGHT), -1)
    return similarity(hidden, hidden[:1]).mean(1)
