"""A saved network -> probabilities, by LiteRT. No TensorFlow: this loads in milliseconds and 36 MB."""

import functools
import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter

from mnist_model.images import drawing
from mnist_model.networks import tflite
from mnist_model.networks.errors import NetworkError
from mnist_model.networks.registry import TRAINABLE
from mnist_model.networks.run_folder import RunFolder, find, shipped

CHUNK = 64  # images at a time: memory stays bounded, and what lies between the layers stays in the cache
CORES = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1  # for measuring


class Classifier:
    """One saved network. Its interpreter serves one thread at a time; `probabilities` may be called from any."""

    def __init__(self, folder: RunFolder, threads: int = 1, content: bytes | None = None) -> None:
        self.folder = folder
        self.report = folder.report()
        self.name = self.report.network
        self.about = TRAINABLE[self.name]
        self._interpreter = Interpreter(model_content=content or folder.tflite(), num_threads=threads)
        self._interpreter.allocate_tensors()
        shapes = self._interpreter.get_input_details()[0]["shape"], self._interpreter.get_output_details()[0]["shape"]
        if [tuple(shape[1:]) for shape in shapes] != [(28, 28), (10,)]:
            raise ValueError("not a network that takes an image and gives ten probabilities")
        self._turn = threading.Lock()

    def with_weights(self, weights: list[np.ndarray]) -> "Classifier":
        """The same layers with other weights, in Keras's order. Raises OtherLayers where they do not fit."""
        return Classifier(self.folder, content=tflite.filled(self.folder.tflite(), self.weights, weights))

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Images (n, 28, 28) or (28, 28), float in 0–1 -> (n, 10) float32, each row summing to 1.

        Raises TypeError for integers (0–255 would be taken for ink 255 times too dark), ValueError for other shapes.
        """
        stack = _stack(images)
        chunks = [self._invoke(stack[i : i + CHUNK]) for i in range(0, len(stack), CHUNK)]
        return np.concatenate(chunks) if chunks else np.zeros((0, 10), np.float32)

    def activations(self, images: np.ndarray) -> list[np.ndarray]:
        """Every layer's output, first to last, each (n, …) float32. For few images: all are held at once.

        Raises NetworkError where the layers cannot be read.
        """
        stack = _stack(images)
        with self._turn:
            outputs = self._layers(stack)
        return [outputs[f"output_{i}"] for i in range(len(outputs))]

    @functools.cached_property
    def weights(self) -> list[np.ndarray]:
        """The weights in Keras's order: kernel and bias of each layer that has any. Raises NetworkError."""
        return self.folder.weights()

    @functools.cached_property
    def _layers(self) -> Callable[[np.ndarray], dict[str, np.ndarray]]:
        try:
            interpreter = Interpreter(model_content=self.folder.layers_tflite(), num_threads=1)
            (source,) = interpreter.get_signature_list()["serving_default"]["inputs"]
        except (NetworkError, OSError, ValueError, KeyError) as error:
            name = self.folder.name
            raise NetworkError(f"The layers of {name} are missing or damaged: train it again.") from error
        runner = interpreter.get_signature_runner()
        return lambda stack: runner(**{source: stack})

    def _invoke(self, chunk: np.ndarray) -> np.ndarray:
        with self._turn:
            source = self._interpreter.get_input_details()[0]
            if tuple(source["shape"]) != chunk.shape:
                self._interpreter.resize_tensor_input(source["index"], chunk.shape)
                self._interpreter.allocate_tensors()
            self._interpreter.set_tensor(source["index"], chunk)
            self._interpreter.invoke()
            result: np.ndarray = self._interpreter.get_tensor(self._interpreter.get_output_details()[0]["index"])
            return result


class Centred:
    """A classifier with the remedy "centring" in front of it; the same `probabilities`."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    def probabilities(self, images: np.ndarray) -> np.ndarray:
        """Images (n, 28, 28) or (28, 28), float in 0–1, each centred first -> (n, 10) float32."""
        stack = _stack(images)
        chunks = [drawing.centre(stack[i : i + CHUNK]) for i in range(0, len(stack), CHUNK)]
        return self._classifier.probabilities(np.concatenate(chunks) if chunks else stack)

    def activations(self, images: np.ndarray) -> list[np.ndarray]:
        """Every layer's output for the centred images, first to last, each (n, …) float32."""
        return self._classifier.activations(drawing.centre(_stack(images)))


def load(name_or_folder: str | Path, threads: int = 1) -> Classifier:
    """A shipped network by name, or any run folder, to run on so many threads.

    Raises NetworkError where there is none or it is unreadable.
    """
    folder = find(name_or_folder)
    if not folder.exists():
        known = ", ".join(shipped()) or "none yet"
        raise NetworkError(f"There is no network {folder.name!r}: neither a run folder nor one of {known}.")
    try:
        return Classifier(folder, threads)
    except (OSError, ValueError, RuntimeError) as error:
        raise NetworkError(f"The network in {folder.name} is damaged or incomplete.") from error


def kept(name_or_folder: str) -> Classifier:
    """The same, loaded once for all who ask, and again where its files have changed. Raises NetworkError."""
    return _kept(name_or_folder, find(name_or_folder).changed())


@functools.lru_cache(maxsize=20)
def _kept(name_or_folder: str, _changed: int) -> Classifier:
    return load(name_or_folder)


def front(network: Classifier, centred: bool) -> Classifier | Centred:
    """A network, with centring in front of it or not."""
    return Centred(network) if centred else network


def _stack(images: np.ndarray) -> np.ndarray:
    """The images as (n, 28, 28) float32, or an error that says what is wrong with them."""
    if not np.issubdtype(images.dtype, np.floating):
        raise TypeError(f"images must be floats in 0–1, not {images.dtype}: divide by 255 first")
    if images.ndim not in (2, 3) or images.shape[-2:] != (28, 28):
        raise ValueError(f"images must be (n, 28, 28) or (28, 28), not {images.shape}")
    return images.reshape(-1, 28, 28).astype(np.float32, copy=False)
