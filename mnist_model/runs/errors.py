"""What can be wrong where runs are kept."""

from mnist_model.errors import NudgeError


class DiskFull(NudgeError):
    """Nothing of a run could be kept."""


class WorkersLost(NudgeError):
    """A job could not be done, because of what it was done in."""


class NoWorkers(NudgeError):
    """Nobody can do a job at the moment; it waits until somebody can."""


class TooManyRuns(NudgeError):
    """A browser has as many runs waiting as it may have."""


class TooLong(NudgeError):
    """A run would take longer than one may on this server."""


class NotARunFolder(NudgeError):
    """A folder cannot be used: something else is in it, another process writes it, or it has gone meanwhile."""
