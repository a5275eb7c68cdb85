"""What networks say of the class's digits, as they were drawn."""

import numpy as np

from mnist_model.networks import classifier

ON_THE_WALL = ("dense", "robust")


def answers(images: np.ndarray) -> dict[str, list[int]]:
    """Images (n, 28, 28) in 0–1 -> what each network on the wall says of each. Raises NetworkError."""
    return {name: classifier.load(name).probabilities(images).argmax(1).tolist() for name in ON_THE_WALL}
