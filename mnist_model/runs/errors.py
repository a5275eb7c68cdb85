"""What can be wrong where runs are kept."""

from mnist_model.errors import NudgeError


class DiskFull(NudgeError):
    """Nothing of a run could be kept."""


class NotARunFolder(NudgeError):
    """A run would overwrite something else, or what another process is writing."""
