"""How each network of the registry is trained. No TensorFlow here: the command's help and the pages read it too."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Recipe:
    """One training; the defaults are the tutorial's. Always Adam and sparse categorical cross-entropy."""

    epochs: int = 5
    batch: int = 32
    examples: int = 60_000
    seed: int = 0
    shift: int = 0  # pixels: in each epoch every image is moved at random by up to so many, right or left, up or down
    learning_rate: float = 0.001
    decay: bool = False  # the learning rate falls to 0 along half a cosine


RECIPES = {
    "dense": Recipe(),
    "dense-shifted": Recipe(shift=6),
    "conv": Recipe(batch=64, learning_rate=0.002, decay=True),
    "conv-global": Recipe(epochs=8, batch=64, learning_rate=0.003, decay=True),
}
