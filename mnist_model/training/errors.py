"""What can be wrong with a training."""

from mnist_model.errors import NudgeError


class Diverged(NudgeError):
    """The loss is no longer a number; the message says since when and why."""


class Stopped(NudgeError):
    """A training or a measurement was stopped, and has nothing that is kept."""


class TensorFlowMissing(NudgeError):
    """Networks can be used and measured, but not trained."""


class NobodyElse(NudgeError):
    """Of a class's digits that were to be mixed in, one half is empty."""
