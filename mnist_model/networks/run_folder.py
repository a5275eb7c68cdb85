"""A run folder: what a training leaves behind. This is the one owner of its files, their names and their formats.

    report.json                  the Report
    history.csv                  the Records of the training
    model.keras                  the network, for Keras
    model.tflite, layers.tflite  the same for LiteRT: its probabilities; every layer's output
    weights.npz, epochs/         weights in Keras's order: at the end; at the start (000) and after epochs
    learned.npy                  some of the images that it learned from, where they were not only MNIST's own
    shift.json, breaking.npy     on shifted images, and with -centred in their names, with centring in front
    places.json                  the same at the 49 places within 3 pixels; runs measured before there was it lack it
    figures.json                 what a study measures (places.py), also with -centred (runs of a study only)
    shuffled.json                trained again with shuffled pixels (shipped networks only)
    owner.txt, used.txt          whose run it is; when somebody last used it

Whatever another version, another program or a broken copy left there, reading it raises NetworkError with the folder's
name and nothing else; so does a shipped file that is not what its sum says (sums.py). Writing is atomic: a reader sees
a file whole, or not at all (disk.py).
"""

import contextlib
import csv
import functools
import io
import json
import time
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from mnist_model.images.shifting import FURTHEST, MAP_REACH
from mnist_model.networks import disk, sums
from mnist_model.networks.errors import NetworkError
from mnist_model.networks.history import Record, finite, fraction, parse_record
from mnist_model.networks.places import Figures, Places
from mnist_model.networks.positions import Shifts
from mnist_model.networks.registry import NETWORKS, TRAINABLE
from mnist_model.networks.report import Report

ROOM = 20_000_000  # bytes, for the weights of the epochs: they lie on the disk, and go from the worker to the server
LEARNED = "learned.npy"
SHIPPED = Path(__file__).parents[2] / "assets" / "networks"


@dataclass(frozen=True)
class RunFolder:
    """One run folder, by its path; two of the same path are the same."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.name

    @functools.cached_property
    def is_shipped(self) -> bool:
        """Whether it came with the project."""
        return self.path.parent == SHIPPED

    def exists(self) -> bool:
        """Whether there is a run, readable or not."""
        return (self.path / "report.json").is_file()

    def is_whole(self) -> bool:
        """Whether its report and its network can be read."""
        with contextlib.suppress(NetworkError):
            return bool(self.report() and self.tflite())
        return False

    def changed(self) -> int:
        """When its report was last written, in ns since 1970, 0 for never: trained again or measured, it differs."""
        return self._changed("report.json")

    def report(self) -> Report:
        """What the run says of itself."""
        with self._reading("report"):
            return Report.from_json(json.loads(self._content("report.json")))

    def write_report(self, report: Report) -> None:
        self.write_files({"report.json": (json.dumps(report.to_json(), indent=1) + "\n").encode()})

    def history(self) -> list[Record]:
        """The records of the training, first to last."""
        with self._reading("history"):
            rows = csv.DictReader(io.StringIO(self._content("history.csv").decode(), newline=""))
            return [parse_record(row) for row in rows]

    def write_history(self, history: Iterable[Record]) -> None:
        file = io.StringIO(newline="")
        csv.writer(file).writerows([Record._fields, *history])
        self.write_files({"history.csv": file.getvalue().encode()})

    @property
    def keras_file(self) -> Path:
        """The network for Keras."""
        return self.path / "model.keras"

    def tflite(self) -> bytes:
        """The network for LiteRT, as the file has it."""
        with self._reading("network"):
            return self._content("model.tflite")

    def layers_tflite(self) -> bytes:
        """The same with every layer's output."""
        with self._reading("layers"):
            return self._content("layers.tflite")

    def write_tflite(self, network: bytes, layers: bytes) -> None:
        self.write_files({"model.tflite": network, "layers.tflite": layers})

    def keras_layers(self) -> list[tuple[str, dict[str, Any]]]:
        """The layers as Keras saved them, without the input layer: class and settings of each."""
        with self._reading("Keras network"), zipfile.ZipFile(self._file("model.keras")) as kept:
            saved = json.loads(kept.read("config.json"))["config"]["layers"]
            named = [(str(layer["class_name"]), dict(layer["config"])) for layer in saved]
            return [(kind, config) for kind, config in named if kind != "InputLayer"]

    def weights(self, epoch: int | None = None) -> list[np.ndarray]:
        """The weights in Keras's order, at the end or after so many epochs (0: none); dense kernels are (in, out)."""
        name = _weights_name(epoch)
        with self._reading("weights"), np.load(self._file(name), allow_pickle=False) as kept:
            weights = [kept[f"arr_{i}"] for i in range(len(kept.files))]
            if not weights or not all(np.isfinite(each).all() for each in weights):
                raise ValueError("no weights, or not numbers")
            return weights

    def write_weights(self, weights: list[np.ndarray], epoch: int | None = None) -> None:
        file = io.BytesIO()
        (np.savez_compressed if epoch is None else np.savez)(file, *weights)
        self.write_files({_weights_name(epoch): file.getvalue()})

    def epochs(self) -> list[int]:
        """After which epochs the weights have been kept, 0 for the start, in order."""
        return sorted(int(file.stem) for file in (self.path / "epochs").glob("*.npz") if file.stem.isdecimal())

    def write_epoch(self, weights: list[np.ndarray], epoch: int) -> None:
        """Keep the weights as they are after so many epochs, the latest so far; 0 is the start.

        Where all epochs would take more than ROOM, those of every second, fourth, eighth … are kept, and the latest.
        """
        most = max(2, ROOM // sum(each.nbytes for each in weights))
        every = 1
        while epoch // every + 2 > most:  # its multiples, 0 among them, and the latest
            every *= 2
        for kept in self.epochs():
            if kept % every:
                (self.path / _weights_name(kept)).unlink()
        self.write_weights(weights, epoch)

    def learned(self) -> np.ndarray | None:
        """Some images that it learned from, (2 or 3, n, 28, 28) uint8, as `write_learned` has them; None for none."""
        if not (self.path / LEARNED).is_file():
            return None
        with self._reading("examples"):
            images: np.ndarray = np.load(self._file(LEARNED), allow_pickle=False)
            if images.dtype != np.uint8 or images.ndim != 4 or images.shape[2:] != (28, 28):
                raise ValueError("not images")
            return images

    def write_learned(self, images: np.ndarray) -> None:
        """Keep MNIST's images, what became of them, and drawn digits, if it learned from such."""
        file = io.BytesIO()
        np.save(file, images)
        self.write_files({LEARNED: file.getvalue()})

    def shifts_changed(self, centred: bool = False) -> int:
        """When it was last measured on shifted images, in ns since 1970; 0 where it has not been."""
        return self._changed(_named("shift.json", centred))

    def shifts(self, centred: bool = False) -> Shifts:
        """How it does on the shifted test images, without or with centring in front of it."""
        with self._reading("figures on shifted images"):
            kept = json.loads(self._content(_named("shift.json", centred)))
            breaking = np.load(self._file(_named("breaking.npy", centred)), allow_pickle=False)
            shifts = Shifts(np.array(kept["accuracy"], float), np.array(kept["map"], float), breaking)
            side = 2 * MAP_REACH + 1
            if [each.shape for each in shifts] != [(FURTHEST + 1,), (side, side), (10_000,)]:
                raise ValueError("other shapes")
            if not (np.isfinite(shifts.by_shift).all() and np.isfinite(shifts.map).all()):
                raise ValueError("not numbers")
            return shifts

    def write_shifts(self, shifts: Shifts, centred: bool, origin: dict[str, Any]) -> Path:
        """Keep the figures with what is known of their origin; returns the file."""
        file = io.BytesIO()
        np.save(file, shifts.breaking)
        kept = origin | {"accuracy": shifts.by_shift.tolist(), "map": shifts.map.tolist()}
        figures = (json.dumps(kept) + "\n").encode()
        self.write_files({_named("breaking.npy", centred): file.getvalue(), _named("shift.json", centred): figures})
        return self.path / _named("shift.json", centred)

    def places_changed(self, centred: bool = False) -> int:
        """When it was last measured at the places within 3 pixels, in ns since 1970; 0 where it has not been."""
        return self._changed(_named("places.json", centred))

    def places(self, centred: bool = False) -> Places:
        """How it does at the places within 3 pixels, without or with centring in front of it."""
        with self._reading("figures within 3 pixels"):
            kept = json.loads(self._content(_named("places.json", centred)))
            return Places(*(fraction(kept[name]) for name in Places._fields))

    def write_places(self, places: Places, centred: bool, origin: dict[str, Any]) -> Path:
        """Keep the figures with what is known of their origin; returns the file."""
        kept = json.dumps(origin | places._asdict(), indent=1) + "\n"
        self.write_files({_named("places.json", centred): kept.encode()})
        return self.path / _named("places.json", centred)

    def figures(self, centred: bool = False) -> Figures | None:
        """What a study has measured of it, without or with centring in front of it; None where that cannot be read."""
        with contextlib.suppress(NetworkError), self._reading("figures for a study"):
            return Figures.from_json(json.loads(self._content(_named("figures.json", centred))))
        return None

    def write_figures(self, figures: Figures, centred: bool, origin: dict[str, Any]) -> None:
        kept = json.dumps(origin | figures._asdict(), indent=1) + "\n"
        self.write_files({_named("figures.json", centred): kept.encode()})

    def shuffled_accuracy(self) -> float:
        """The test accuracy when it was trained again with shuffled pixels."""
        with self._reading("figures with shuffled pixels"):
            return finite(json.loads(self._content("shuffled.json"))["test_accuracy"])

    def write_shuffled(self, test_accuracy: float, origin: dict[str, Any]) -> None:
        kept = origin | {"test_accuracy": test_accuracy}
        self.write_files({"shuffled.json": (json.dumps(kept, indent=1) + "\n").encode()})

    def owner(self) -> str:
        """Whose run it is, or "" for nobody's."""
        with contextlib.suppress(OSError, ValueError):
            return (self.path / "owner.txt").read_text()
        return ""

    def claim(self, owner: str) -> None:
        self.write_files({"owner.txt": owner.encode()})

    def used(self) -> float:
        """When somebody last used it, in seconds since 1970; 0 for never."""
        return _mtime(self.path / "used.txt") / 1e9

    def use(self) -> None:
        """Note that somebody uses it now."""
        with contextlib.suppress(OSError):  # it has gone, or is not for us to write into
            (self.path / "used.txt").touch()

    def files(self, pattern: str = "*") -> dict[str, bytes]:
        """The content of its files by name; with "**/*" also of those that are kept of each epoch."""
        found = (file for file in self.path.glob(pattern) if file.is_file() and file.suffix != disk.UNFINISHED)
        return {file.relative_to(self.path).as_posix(): file.read_bytes() for file in found}

    def write_files(self, files: Mapping[str, bytes]) -> None:
        """Write all of them or none; whether a new run's files last is seen to when it is complete (runs/store.py)."""
        disk.write({self.path / name: content for name, content in files.items()}, lasting=self.exists())

    def _changed(self, name: str) -> int:
        """When a file was last written; of what came with the project, when it was a moment ago."""
        file = self.path / name
        return _mtime_lately(file, int(time.monotonic())) if self.is_shipped else _mtime(file)

    def _content(self, name: str) -> bytes:
        content = (self.path / name).read_bytes()
        if self.is_shipped:
            sums.check(SHIPPED, self.path / name, content)
        return content

    def _file(self, name: str) -> io.BytesIO:
        return io.BytesIO(self._content(name))

    @contextlib.contextmanager
    def _reading(self, part: str) -> Iterator[None]:
        try:
            yield
        except NetworkError as error:
            raise NetworkError(f"{self.name} cannot be read: {str(error).removesuffix('.')}.") from error
        except Exception as error:  # there is no end to what a foreign file can raise
            restore = f": `git checkout assets/networks/{self.name}` restores it" if self.is_shipped else ""
            raise NetworkError(f"{self.name} cannot be read: {part} missing or damaged{restore}.") from error


@functools.lru_cache(maxsize=1000)  # asked for at every move of a slider
def find(name_or_folder: str | Path) -> RunFolder:
    """A shipped network's folder by name, or else a run folder by path; whether there is one is not asked."""
    return RunFolder(SHIPPED / name_or_folder if name_or_folder in TRAINABLE else Path(name_or_folder))


def shipped() -> list[str]:
    """The names of the networks that come with the project, in the registry's order."""
    return [name for name in NETWORKS if find(name).exists()]


def _weights_name(epoch: int | None) -> str:
    return "weights.npz" if epoch is None else f"epochs/{epoch:03}.npz"


def _named(file: str, centred: bool) -> str:
    stem, _, kind = file.partition(".")
    return f"{stem}{'-centred' * centred}.{kind}"


@functools.lru_cache(maxsize=100)
def _mtime_lately(file: Path, _second: int) -> int:
    return _mtime(file)


def _mtime(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:
        return 0
