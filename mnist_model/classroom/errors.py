"""What is said to whoever asks for something that a class does not allow."""

from mnist_model.errors import NudgeError


class NoClass(NudgeError):
    """The class's database cannot be reached or written."""


class NotNow(NudgeError):
    """What is asked for is not allowed at this moment: the vote is closed, no digits are collected, a bound is met."""


class NotOne(NudgeError):
    """What was sent is not a vote, a digit or an act."""


class NotAllowed(NudgeError):
    """Only the teacher may."""


class TooLarge(NudgeError):
    """More bytes than a vote or a digit has."""


class TooFast(NudgeError):
    """More often than a person asks."""
