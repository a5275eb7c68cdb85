"""How well a finished network does on the training images and on the test images, also moved."""

from collections.abc import Callable

import numpy as np

from mnist_model.images import shifting
from mnist_model.images.dataset import Mnist, scale
from mnist_model.networks.positions import Probabilities, steps
from mnist_model.networks.report import Evaluation

SHIFTS = (2, 4)  # pixels
OFFSETS = [steps(way, k) for k in SHIFTS for way in shifting.STRAIGHT]
PART = 1_000  # images at a time: 3 MB, which stay in the cache
LEAST_PROBABILITY = 1e-7  # a probability no loss is computed below, as Keras has it


def evaluate(
    network: Probabilities, mnist: Mnist, examples: int, show: Callable[[float], None] = lambda done: None
) -> Evaluation:
    """The figures of a network that learned from the first `examples`; `show` is told how much is done, 0–1.

    The accuracy at 2 and at 4 pixels is the mean of right, left, down and up.
    """
    work, done = images_of(examples), 0

    def probabilities(images: np.ndarray) -> np.ndarray:
        """What the network says of images (n, 28, 28) uint8, in parts so that something can be shown."""
        nonlocal done
        parts = []
        for part in np.array_split(images, -(-len(images) // PART)):
            parts.append(network.probabilities(scale(part)))
            done += len(part)
            show(done / work)
        return np.concatenate(parts)

    train = probabilities(mnist.train_images[:examples]).argmax(1)
    images, labels = mnist.test_images, mnist.test_labels
    said = probabilities(images)
    right = [np.mean(probabilities(shifting.shift(images, *offset)).argmax(1) == labels) for offset in OFFSETS]
    return Evaluation(
        train_accuracy=float((train == mnist.train_labels[:examples]).mean()),
        test_loss=cross_entropy(said, labels),
        test_accuracy=float((said.argmax(1) == labels).mean()),
        confusion_matrix=confusion_matrix(labels, said.argmax(1)).tolist(),
        accuracy_at_px=dict(zip(map(str, SHIFTS), np.reshape(right, (len(SHIFTS), -1)).mean(1).tolist(), strict=True)),
    )


def images_of(examples: int) -> int:
    """How many images `evaluate` asks the network about."""
    return examples + (1 + len(OFFSETS)) * 10_000


def cross_entropy(probabilities: np.ndarray, labels: np.ndarray) -> float:
    """The mean negative logarithm of the probability (n, 10) of the true digit (n,), as Keras has it."""
    of_truth = probabilities[np.arange(len(labels)), labels]
    return float(-np.log(np.clip(of_truth, LEAST_PROBABILITY, 1)).mean())


def confusion_matrix(labels: np.ndarray, answers: np.ndarray) -> np.ndarray:
    """How many images of each true digit (row) were read as each digit (column): (10, 10)."""
    matrix = np.zeros((10, 10), int)
    np.add.at(matrix, (labels, answers), 1)
    return matrix
