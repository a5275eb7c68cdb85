"""A network for the browser: its layers and weights in one piece of bytes, which frontend/network.js runs.

First the length of a JSON text (four bytes, little-endian), then that text, then all weights in Keras's order, float32.
The text says what the network is there for (`place`), and for each layer its Keras name (`kind`), its Keras settings
(`config`) and how many numbers each of its weights has (`sizes`).
"""

import json
import struct
import zipfile

from mnist_model.classifier import Classifier, NetworkError

SETTINGS = ("target_shape", "padding", "kernel_size", "strides", "pool_size", "activation")
WEIGHTED = ("Conv2D", "Dense")


def packed(network: Classifier, place: str) -> bytes:
    """A network as bytes for the browser, and what it is there for.

    Raises NetworkError where its files are missing or damaged.
    """
    weights = network.weights
    rest = iter(weights)
    layers = [
        layer | {"sizes": [next(rest).size, next(rest).size] if layer["kind"] in WEIGHTED else []}
        for layer in _layers(network)
    ]
    text = json.dumps({"place": place, "layers": layers}).encode()
    text += b" " * (-len(text) % 4)
    numbers = b"".join(each.astype("<f4").tobytes() for each in weights)
    return struct.pack("<I", len(text)) + text + numbers


def _layers(network: Classifier) -> list[dict]:
    """The layers as Keras saved them, without the input layer."""
    try:
        with zipfile.ZipFile(network.folder / "model.keras") as kept:
            saved = json.loads(kept.read("config.json"))["config"]["layers"]
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise NetworkError(f"The network in {network.folder} is damaged or incomplete.") from error
    return [
        {"kind": each["class_name"], "config": {k: v for k, v in each["config"].items() if k in SETTINGS}}
        for each in saved
        if each["class_name"] != "InputLayer"
    ]
