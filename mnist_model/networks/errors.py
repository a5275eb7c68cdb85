"""What can be wrong with a network, a recipe or a stack of layers."""

from mnist_model.errors import NudgeError


class NetworkError(NudgeError):
    """A network, or a part of its run folder, cannot be read; the message says which."""


class OtherLayers(NetworkError):
    """Weights do not belong to the layers of this network."""


class BadRecipe(NudgeError, ValueError):
    """A recipe's field is out of its bounds; the message says which, and the bounds."""


class BadStack(BadRecipe):
    """A stack of layers that cannot be; the message names the layer, and `at` is its index."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at
