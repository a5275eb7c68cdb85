"""What a worker says of a job while it does it, and what comes of it."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from mnist_model.networks.history import Record


class Begun(NamedTuple):
    """A worker has begun; again, where the one that had begun before is gone."""


class Weights(NamedTuple):
    """A network's weights as it learns, in Keras's order."""

    arrays: list[np.ndarray]


class Progress(NamedTuple):
    """How much of an evaluation or a measurement is done, 0–1."""

    done: float


Files = dict[str, bytes]  # of a run folder, by name
Message = Begun | Record | Weights | Progress
Hear = Callable[[Message], None]  # what takes messages
End = Callable[[Files | Exception], None]  # what takes the files that a job has made, or why it could not be done
