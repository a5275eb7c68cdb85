"""One thing that a person is asked for, of a recipe or of a layer."""

import math
from dataclasses import dataclass
from typing import Any

from mnist_model.networks.errors import BadRecipe


@dataclass(frozen=True)
class Field:
    """One field, as a person is asked for it. Bounds are inclusive, but 0 for a fraction."""

    kind: type  # int, float (any number above 0), bool, or str (one of `choices`)
    label: str
    help: str
    least: int = 0
    most: int = 0
    step: int = 1
    choices: tuple[Any, ...] = ()  # all there are for a str, else those that are offered

    def check(self, value: object) -> None:
        """Raises BadRecipe where a value is not of this field's kind or out of its bounds."""
        if self.kind is int:
            fits = type(value) is int and self.least <= value <= self.most
        elif self.kind is float:
            fits = type(value) in (int, float) and 0 < float(value) < math.inf  # type: ignore[arg-type]
        else:
            fits = type(value) is self.kind and (not self.choices or value in self.choices)
        if not fits:
            raise BadRecipe(f"{self.label}: {value!r} is not {self.bounds}.")

    @property
    def bounds(self) -> str:
        """What a value must be, in words."""
        if self.kind is int:
            return f"a whole number from {self.least} to {self.most}"
        if self.kind is float:
            return "a number above 0"
        return f"one of {', '.join(self.choices)}" if self.choices else "true or false"

    def parse(self, text: str) -> Any:
        """The value that a text is, as str() has written it. Raises BadRecipe."""
        try:
            value = {"True": True, "False": False}[text] if self.kind is bool else self.kind(text)
        except (ValueError, KeyError):
            value = text
        self.check(value)
        return value
