"""What networks say of the class's digits."""

import numpy as np

from mnist_model.classroom.errors import NoClass
from mnist_model.errors import NudgeError
from mnist_model.networks import classifier
from mnist_model.networks.positions import along_directions, breaking_points, place_map

ON_THE_WALL = ("dense", "robust")


def said(name: str, images: np.ndarray, centred: bool = False) -> np.ndarray:
    """What a shipped network, or centring and it, says of each image: (n, 28, 28) in 0–1 -> (n,). Raises NoClass."""
    try:
        return classifier.front(classifier.kept(name), centred).probabilities(images).argmax(1)
    except NudgeError as error:
        raise NoClass(str(error)) from error


def on_the_wall(images: np.ndarray) -> dict[str, list[int]]:
    """What each network on the wall says of images as they were drawn."""
    return {name: said(name, images).tolist() for name in ON_THE_WALL}


def breaks_at(name: str, image: np.ndarray) -> int | None:
    """The smallest shift of an image (28, 28), in pixels in any direction, that changes the answer, if any."""
    breaking = breaking_points(along_directions(place_map(classifier.kept(name), image)))
    return int(breaking[breaking > 0].min()) if breaking.any() else None


def test_accuracy(name: str) -> float:
    """On MNIST's test images, by the network's report."""
    found = classifier.kept(name).report.evaluation
    assert found, "shipped networks are evaluated"
    return found.test_accuracy
