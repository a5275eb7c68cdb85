"""A saved network -> probabilities, by LiteRT. No TensorFlow: this loads in milliseconds and 36 MB."""

import json
import threading
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

NETWORKS = Path(__file__).parent.parent / "assets" / "networks"
CHUNK = 512  # images at a time, so that memory stays bounded


class NetworkError(Exception):
    """A network could not be loaded; the message says why."""


class Classifier:
    """One saved network. Its interpreter serves one thread at a time; `probabilities` may be called from any."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.report = json.loads((folder / "report.json").read_text())
        self.name = self.report["network"]
        self._interpreter = Interpreter(str(folder / "model.tflite"), num_threads=1)
        self._interpreter.allocate_tensors()
        self._turn = threading.Lock()

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Images (n, 28, 28) or (28, 28), float in 0–1 -> (n, 10) float32, each row summing to 1.

        Raises TypeError for integers (0–255 would be taken for ink 255 times too dark), ValueError for other shapes.
        """
        if not np.issubdtype(images.dtype, np.floating):
            raise TypeError(f"images must be floats in 0–1, not {images.dtype}: divide by 255 first")
        if images.ndim not in (2, 3) or images.shape[-2:] != (28, 28):
            raise ValueError(f"images must be (n, 28, 28) or (28, 28), not {images.shape}")
        stack = images.reshape(-1, 28, 28).astype(np.float32, copy=False)
        chunks = [self._invoke(stack[i : i + CHUNK]) for i in range(0, len(stack), CHUNK)]
        return np.concatenate(chunks) if chunks else np.zeros((0, 10), np.float32)

    def _invoke(self, chunk: np.ndarray) -> np.ndarray:
        with self._turn:
            source = self._interpreter.get_input_details()[0]
            if tuple(source["shape"]) != chunk.shape:
                self._interpreter.resize_tensor_input(source["index"], chunk.shape)
                self._interpreter.allocate_tensors()
            self._interpreter.set_tensor(source["index"], chunk)
            self._interpreter.invoke()
            return self._interpreter.get_tensor(self._interpreter.get_output_details()[0]["index"])


def shipped() -> list[str]:
    """The names of the networks that come with the project, the tutorial's first."""
    names = (folder.parent.name for folder in NETWORKS.glob("*/report.json"))
    return sorted(names, key=lambda name: (name != "dense", name))


def load(name_or_folder: str | Path) -> Classifier:
    """A shipped network by name, or any run folder. Raises NetworkError where there is none or it is unreadable."""
    folder = NETWORKS / name_or_folder if name_or_folder in shipped() else Path(name_or_folder)
    if not (folder / "model.tflite").is_file():
        known = ", ".join(shipped()) or "none yet"
        raise NetworkError(f"There is no network {str(name_or_folder)!r}: neither a run folder nor one of {known}.")
    try:
        return Classifier(folder)
    except (OSError, ValueError, KeyError) as error:
        raise NetworkError(f"The network in {folder} is damaged or incomplete.") from error
