"""A network's weights as it learns: at the start (0), after each epoch (1, 2, …), and, while it trains, now."""

import zipfile
from pathlib import Path

import numpy as np

NOW = "now"
UNREADABLE = (OSError, ValueError, KeyError, zipfile.BadZipFile)


def write(folder: Path, moment: int | str, weights: list[np.ndarray]) -> None:
    """Keep the weights of a moment in a run folder; a reader sees them whole or not at all."""
    file = _file(folder, moment)
    file.parent.mkdir(exist_ok=True)
    unfinished = file.with_suffix(".new")
    with unfinished.open("wb") as stream:
        np.savez(stream, *weights)
    unfinished.replace(file)


def read(folder: Path, moment: int | str) -> list[np.ndarray] | None:
    """The weights of a moment, in Keras's order, or None where they have not been kept."""
    try:
        return load(_file(folder, moment))
    except UNREADABLE:
        return None


def load(file: Path) -> list[np.ndarray]:
    """The weights in a file, in Keras's order. Raises one of UNREADABLE where it is missing or damaged."""
    with np.load(file) as kept:
        return [kept[f"arr_{i}"] for i in range(len(kept.files))]


def count(folder: Path) -> int:
    """How many moments have been kept, the start included."""
    return len(list((folder / "epochs").glob("[0-9]*.npz")))


def forget(folder: Path, moment: int | str) -> None:
    """Remove the weights of a moment."""
    _file(folder, moment).unlink(missing_ok=True)


def _file(folder: Path, moment: int | str) -> Path:
    return folder / "epochs" / (f"{moment:03}.npz" if isinstance(moment, int) else f"{moment}.npz")
