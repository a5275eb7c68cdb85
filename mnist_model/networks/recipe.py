"""How a network is trained: a recipe, and the one table of its fields that the command line and the Train page read."""

import dataclasses
from dataclasses import dataclass
from typing import Any

from mnist_model.networks import stack
from mnist_model.networks.counting import counted
from mnist_model.networks.field import Field

IMITATIONS = ("nothing", "moves", "pens", "bends")  # of hands (augmentation.py): each does what those before it do, too
SCRIBBLES = 4  # drawn digits to a drawing that is none


def _field(default: Any, label: str, help: str, least: int = 0, most: int = 0, **rest: Any) -> Any:
    """A field of the dataclass with its row in the table."""
    row = Field(type(default), label, help, least, most, **rest)
    return dataclasses.field(default=default, metadata={"field": row})


@dataclass(frozen=True)
class Stack(Field):
    """A stack of layers, as stack.py writes it; "" for a network that has its own."""

    def check(self, value: object) -> None:
        """Raises BadStack where it is none, BadRecipe where it is no text."""
        super().check(value)
        if value:
            stack.check(str(value))

    @property
    def bounds(self) -> str:
        return stack.BOUNDS


@dataclass(frozen=True)
class Recipe:
    """One training; the defaults are the tutorial's. Always Adam and sparse categorical cross-entropy.

    Raises BadRecipe where a field is out of its bounds.
    """

    hidden: int = _field(128, "Hidden units", "Units of a dense network's hidden layer.", 1, 4096, step=16)
    epochs: int = _field(5, "Epochs", "How many times the network goes through the images.", 1, 1000)
    batch: int = _field(32, "Batch size", "Images a step.", 1, 60_000, choices=(8, 16, 32, 64, 128, 256, 512, 1024))
    learning_rate: float = _field(
        0.001,
        "Learning rate",
        "How far each step goes.",
        choices=(0.00001, 0.0001, 0.0003, 0.001, 0.002, 0.003, 0.01, 0.03, 0.1, 1.0, 10.0),
    )
    examples: int = _field(60_000, "Training images", "The first so many of MNIST's 60,000.", 1, 60_000, step=100)
    shift: int = _field(
        0,
        "Random shifts, px",
        "In every epoch each image is moved at random by up to so many pixels, right or left, up or down.",
        0,
        14,
    )
    imitate: str = _field(
        "nothing",
        "Imitate hands",
        "In every epoch each image is changed at random as people's hands would have: with moves, turned, scaled, "
        "slanted and moved; with pens, also thicker or thinner; with bends, also a little bent.",
        choices=IMITATIONS,
    )
    drawn: int = _field(
        0,
        "Drawn digits",
        "Digits in other styles (a 1 with a flag, a crossed 7) that a pen of our own draws, new ones in each epoch, "
        "and a quarter as many scribbles, letters and signs that are no digit.",
        0,
        60_000,
        step=1000,
    )
    seed: int = _field(
        0,
        "Seed",
        "Where the random numbers begin: the same seed gives the same network, another one a slightly different one.",
        0,
        2**31 - 1,
    )
    decay: bool = _field(
        False,
        "Rate falls to 0",
        "The learning rate falls to 0 by the last step, along half a cosine: the last epochs only polish.",
    )

    layers: str = dataclasses.field(
        default="", metadata={"field": Stack(str, "Layers", "A stack of your own: a TOML file, or as a link has it.")}
    )

    def __post_init__(self) -> None:
        for name, row in FIELDS.items():
            row.check(getattr(self, name))
        if self.layers:
            stack.check_batch(self.layers, self.batch)

    @property
    def per_epoch(self) -> int:
        """Images in an epoch."""
        return self.examples + self.drawn + self.drawn // SCRIBBLES

    @property
    def is_varied(self) -> bool:
        """Whether the network learns from more than MNIST's own images."""
        return bool(self.shift or self.drawn or self.imitate != "nothing")


FIELDS: dict[str, Field] = {each.name: each.metadata["field"] for each in dataclasses.fields(Recipe)}


def flag(name: str) -> str:
    """How a field is called on the command line: learning_rate -> --learning-rate."""
    return f"--{name.replace('_', '-')}"


def flags(recipe: Recipe, usual: Recipe) -> list[str]:
    """What of a recipe differs from the usual one, as the command line takes it."""
    changed = [name for name in FIELDS if getattr(recipe, name) != getattr(usual, name)]
    return [_flag(name, getattr(recipe, name)) for name in changed]


def _flag(name: str, value: object) -> str:
    if isinstance(value, bool):
        return flag(name) if value else flag(f"no_{name}")
    return f"{flag(name)}={value}"


def described(recipe: Recipe, has_hidden: bool, done: float | None = None) -> str:
    """A recipe in one line; where only some of its epochs were `done`, how many."""
    stopped = done is not None and done < recipe.epochs
    epochs = counted(recipe.epochs, "epoch")
    parts = [recipe.layers] * bool(recipe.layers) + [counted(recipe.hidden, "hidden unit")] * has_hidden
    parts += [
        f"stopped after {done:.2f} of {epochs}" if stopped else epochs,
        f"batch {recipe.batch}",
        f"learning rate {recipe.learning_rate:g}",
    ]
    parts += ["falling"] * recipe.decay + [counted(recipe.examples, "image")]
    parts += [f"shifts up to {recipe.shift} px"] * (recipe.shift > 0)
    parts += [f"hands imitated ({recipe.imitate})"] * (recipe.imitate != "nothing")
    parts += [counted(recipe.drawn, "drawn digit")] * (recipe.drawn > 0)
    return ", ".join([*parts, f"seed {recipe.seed}"])
