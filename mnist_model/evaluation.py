"""How well a finished network does: what its report says of the training images and of the test images, also moved."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from mnist_model import dataset, shifting
from mnist_model.classifier import Classifier

SHIFTS = (2, 4)  # pixels
KEYS = ["train_accuracy", "test_loss", "test_accuracy", "confusion_matrix", "accuracy_at_px"]
LEAST = 1e-7  # a probability no loss is computed below, as Keras has it


def measure(network: Classifier, mnist: dataset.Mnist, show: Callable[[float], None] = lambda part: None) -> dict:
    """The figures KEYS of a network, as for report.json; `show` is told how much is done, 0–1.

    Rows of the confusion matrix are true digits; accuracy_at_px has the accuracy on the test images moved by 2 and by
    4 pixels, each the mean of right, left, down and up.
    """
    examples = network.report["recipe"]["examples"]
    offsets = [(k * dx, k * dy) for k in SHIFTS for dx, dy in shifting.STRAIGHT]
    work = examples + (1 + len(offsets)) * len(mnist.test_images)
    done = 0

    def answers(images: np.ndarray) -> Iterator[np.ndarray]:
        nonlocal done
        for part in np.array_split(images, 10):
            yield network.probabilities(part)
            done += len(part)
            show(done / work)

    train = np.concatenate([*answers(dataset.scale(mnist.train_images[:examples]))]).argmax(1)
    images = dataset.scale(mnist.test_images)
    test = np.concatenate([*answers(images)])
    moved = [np.concatenate([*answers(shifting.shift(images, *offset))]).argmax(1) for offset in offsets]
    right = np.array([(said == mnist.test_labels).mean() for said in moved]).reshape(len(SHIFTS), -1).mean(1)
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (mnist.test_labels, test.argmax(1)), 1)
    of_truth = test[np.arange(len(test)), mnist.test_labels]
    return {
        "train_accuracy": float((train == mnist.train_labels[:examples]).mean()),
        "test_loss": float(-np.log(np.clip(of_truth, LEAST, 1)).mean()),
        "test_accuracy": float((test.argmax(1) == mnist.test_labels).mean()),
        "confusion_matrix": confusion.tolist(),
        "accuracy_at_px": dict(zip(map(str, SHIFTS), right.tolist(), strict=True)),
    }


def complete(folder: Path, figures: dict) -> None:
    """Put the figures of `measure` into a run's report; a reader sees the report before or after, never between."""
    report = json.loads((folder / "report.json").read_text()) | figures
    unfinished = folder / "report.new"
    unfinished.write_text(json.dumps(report, indent=1) + "\n")
    unfinished.replace(folder / "report.json")
