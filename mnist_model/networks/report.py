"""What a run says of itself, as types: the content of report.json.

Reading is strict where it matters: what is missing, of the wrong kind or not a number raises NetworkError, so that
whoever shows a run never meets half of one. Keys that are not known are left alone.
"""

import importlib.metadata
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from mnist_model.networks.counting import counted
from mnist_model.networks.errors import BadRecipe, NetworkError
from mnist_model.networks.history import finite, fraction
from mnist_model.networks.recipe import Recipe, described, flags
from mnist_model.networks.registry import OWN, TRAINABLE

PACKAGES = ("tensorflow", "keras", "numpy", "ai-edge-litert")


class Layer(NamedTuple):
    """One layer, as Keras calls it."""

    kind: str
    activation: str | None
    output_shape: tuple[int, ...]
    parameters: int


class Evaluation(NamedTuple):
    """How a network does on the images. Accuracies are fractions."""

    train_accuracy: float
    test_loss: float
    test_accuracy: float
    confusion_matrix: list[list[int]]  # (10, 10), rows the true digit
    accuracy_at_px: dict[str, float]  # test images moved by "2" and by "4" pixels


class Ours(NamedTuple):
    """What the digits of half a class did to a training, on the `tested` digits of the other half."""

    tested: int
    right: tuple[tuple[int, int], ...]  # of so many digits that were learned from: how many of the others' are read

    @property
    def learned(self) -> int:
        """Digits that the network has learned from."""
        return self.right[-1][0]


@dataclass(frozen=True)
class Report:
    """Everything that report.json says; `evaluation` is None for a run that was stopped and not measured since."""

    network: str
    recipe: Recipe
    seed: int
    command: str  # makes the run again
    versions: dict[str, str]
    parameters: int
    layers: tuple[Layer, ...]
    epochs: float  # done
    seconds: float  # of the loop with its compilation
    evaluation: Evaluation | None = None
    ours: Ours | None = None  # where a class's digits were mixed in

    @property
    def stack(self) -> str:
        """Its layers, as networks/stack.py writes them."""
        return TRAINABLE[self.network].stack(self.recipe)

    @property
    def described(self) -> str:
        """How the run was trained, in one line."""
        ours = f", with {counted(self.ours.learned, 'digit')} of a class" if self.ours else ""
        return trained_by(self.network, self.recipe, self.epochs) + ours

    def to_json(self) -> dict[str, Any]:
        """The content of report.json."""
        kept = asdict(self) | {"layers": [layer._asdict() for layer in self.layers]}
        del kept["evaluation"]
        kept["ours"] = self.ours and self.ours._asdict()
        return kept | (self.evaluation._asdict() if self.evaluation else dict.fromkeys(Evaluation._fields))

    @classmethod
    def from_json(cls, kept: Any) -> "Report":
        """What report.json says. Raises NetworkError where that is not a report of this version's."""
        try:
            if kept["network"] not in TRAINABLE:
                raise ValueError(f"no network of this version is called {kept['network']!r}")
            if (kept["network"] == OWN.name) != bool(kept["recipe"].get("layers")):
                raise ValueError("a stack of layers belongs to a network of one's own, and to no other")
            return cls(
                network=kept["network"],
                recipe=Recipe(**kept["recipe"]),
                seed=int(kept.get("seed", 0)),
                command=str(kept.get("command", "")),
                versions={str(name): str(version) for name, version in kept.get("versions", {}).items()},
                parameters=int(kept["parameters"]),
                layers=tuple(_layer(each) for each in kept.get("layers", ())),
                epochs=finite(kept.get("epochs", kept["recipe"]["epochs"])),
                seconds=finite(kept["seconds"]),
                evaluation=None if kept.get("test_accuracy") is None else _evaluation(kept),
                ours=_ours(kept["ours"]) if kept.get("ours") else None,
            )
        except BadRecipe as error:
            raise NetworkError(f"its recipe is not one of this version's: {error}") from error
        except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise NetworkError(f"its report is not one of this version's ({error})") from error


def trained_by(network: str, recipe: Recipe, epochs: float | None = None) -> str:
    """How a network is trained, in one line; where only some `epochs` were done, how many."""
    return described(recipe, TRAINABLE[network].has_hidden, epochs)


def command(network: str, recipe: Recipe, what: str = "train") -> str:
    """The command that makes the same."""
    return " ".join([f"python -m mnist_model {what} {network}", *flags(recipe, TRAINABLE[network].recipe)])


def origin(seed: int, command: str) -> dict[str, Any]:
    """Where a figure comes from: what made it, and the versions of what it was made with."""
    packages = {package: importlib.metadata.version(package) for package in PACKAGES}
    return {"seed": seed, "command": command, "versions": {"python": platform.python_version()} | packages}


def _layer(kept: Mapping[str, Any]) -> Layer:
    activation = kept["activation"]
    shape = tuple(int(size) for size in kept["output_shape"])
    return Layer(str(kept["kind"]), activation and str(activation), shape, int(kept["parameters"]))


def _ours(kept: Mapping[str, Any]) -> Ours:
    tested, right = int(kept["tested"]), tuple((int(learned), int(right)) for learned, right in kept["right"])
    if not right or not all(learned >= 0 and 0 <= each <= tested for learned, each in right):
        raise ValueError("its counts of a class's digits are none")
    return Ours(tested, right)


def _evaluation(kept: Mapping[str, Any]) -> Evaluation:
    matrix = [[int(count) for count in row] for row in kept["confusion_matrix"]]
    if [len(row) for row in matrix] != [10] * 10:
        raise ValueError("the confusion matrix is not 10×10")
    return Evaluation(
        fraction(kept["train_accuracy"]),
        finite(kept["test_loss"]),
        fraction(kept["test_accuracy"]),
        matrix,
        {str(shift): fraction(accuracy) for shift, accuracy in (kept.get("accuracy_at_px") or {}).items()},
    )
