"""What can be wrong with a network or a recipe."""

from mnist_model.errors import NudgeError


class NetworkError(NudgeError):
    """A network, or a part of its run folder, cannot be read; the message says which."""


class OtherLayers(NetworkError):
    """Weights do not belong to the layers of this network."""


class BadRecipe(NudgeError, ValueError):
    """A recipe's field is out of its bounds; the message says which, and the bounds."""
