"""What networks say of the class's digits."""

import numpy as np

from mnist_model.networks import classifier
from mnist_model.networks.positions import Probabilities

ON_THE_WALL = ("dense", "robust")


def network(name: str, centred: bool = False) -> Probabilities:
    """A shipped network, with or without centring in front of it. Raises NetworkError."""
    return classifier.front(classifier.load(name), centred)


def answers(images: np.ndarray) -> dict[str, list[int]]:
    """Images (n, 28, 28) in 0–1, as they were drawn -> what each network on the wall says of each."""
    return {name: network(name).probabilities(images).argmax(1).tolist() for name in ON_THE_WALL}
