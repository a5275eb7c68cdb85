"""What can be wrong with a lesson."""

from mnist_model.errors import NudgeError


class BadLesson(NudgeError, ValueError):
    """A file is no lesson; the message names the file, the step and the field."""


class BadLink(NudgeError, ValueError):
    """No page can read a link; the message says why, to be put after the link."""


class BadFigure(NudgeError, ValueError):
    """There is no such figure; the message is a sentence."""
