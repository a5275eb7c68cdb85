"""How a network does at the 49 places within 3 pixels: what a mean over places hides.

Of the figures, `changed` is the P(top-1 change) of Azulay and Weiss (JMLR 20:184), 1 minus the consistency of Zhang
(ICML 2019), with all moves by 1 pixel instead of drawn ones. `mnist_c` is what accuracy on MNIST-C's "translate" (Mu
and Gilmer, arXiv 1906.02337; severity 3) is a sample of: there each image was moved to one of the four corners, drawn
by lot; here each is moved to all four.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from mnist_model.networks.positions import NEAR, PLACES

SIDE = 2 * NEAR + 1


class Places(NamedTuple):
    """How a network does at the 49 places within 3 pixels: fractions, 0–1."""

    everywhere: float  # of the images, those that are read rightly at every one of the places: the worst case
    changed: float  # of the moves by 1 pixel from one of the places to the next (84 an image): those to another answer
    mnist_c: float  # of the images at the four corners, those that are read rightly


def summarise_places(answers: Mapping[tuple[int, int], np.ndarray], labels: np.ndarray) -> Places:
    """The answers (n,) at each of the PLACES, and the labels (n,) -> the figures."""
    said = np.reshape([answers[offset] for offset in PLACES], (SIDE, SIDE, -1))
    right, moves = said == labels, (said[:, 1:] != said[:, :-1], said[1:] != said[:-1])
    return Places(
        everywhere=float(right.all((0, 1)).mean()),
        changed=float(np.mean([changed.mean() for changed in moves])),
        mnist_c=float(right[:: 2 * NEAR, :: 2 * NEAR].mean()),
    )
