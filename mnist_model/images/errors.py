"""What can be wrong with the data set, a drawing or a photo."""

from mnist_model.errors import NudgeError


class DatasetError(NudgeError):
    """MNIST could not be read; the message says what to do."""


class BlankDrawing(NudgeError, ValueError):
    """There is no ink."""


class NotAPicture(NudgeError, ValueError):
    """A file cannot be read as a picture; the message says why."""


class NotADrawing(NudgeError, ValueError):
    """What the canvas sent is no drawing, or too much of one; the message says which."""
