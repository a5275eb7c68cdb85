"""What is said to whoever asks for something that a class does not allow."""

from mnist_model.errors import NudgeError


class ClassError(NudgeError):
    """What a class does not allow."""


class NoClass(ClassError):
    """The class's database cannot be reached or written."""


class NotNow(ClassError):
    """What is asked for is not allowed at this moment: the vote is closed, no digits are collected, a bound is met."""


class NotOne(ClassError):
    """What was sent is not a vote, a digit or an act."""


class NotAllowed(ClassError):
    """Only the teacher may, or nobody before the teacher has let it."""


class TooLarge(ClassError):
    """More bytes than a vote or a digit has."""


class TooFast(ClassError):
    """More often than a person asks."""
