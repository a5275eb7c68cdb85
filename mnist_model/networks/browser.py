"""A network for the browser: its layers and weights in one piece of bytes, which frontend/network.js runs.

First the length of a JSON text (four bytes, little-endian), then that text, then all weights in Keras's order, float32.
The text says what the network is there for (`place`), and for each layer its Keras name (`kind`), its Keras settings
(`config`) and how many numbers each of its weights has (`sizes`).
"""

import json
import struct

from mnist_model.networks.classifier import Classifier
from mnist_model.networks.errors import OtherLayers

SETTINGS = ("target_shape", "padding", "kernel_size", "strides", "pool_size", "activation")
WEIGHTED = ("Conv2D", "Dense")


def packed(network: Classifier, place: str) -> bytes:
    """A network as bytes for the browser, and what it is there for.

    Raises NetworkError where its files are missing or damaged.
    """
    weights, layers = network.weights, network.folder.keras_layers()
    if len(weights) != 2 * sum(kind in WEIGHTED for kind, _ in layers):
        raise OtherLayers(f"The weights of {network.folder.name} are not those of its layers.")
    sizes = iter([each.size for each in weights])
    packed_layers = [
        {
            "kind": kind,
            "config": {name: value for name, value in config.items() if name in SETTINGS},
            "sizes": [next(sizes), next(sizes)] if kind in WEIGHTED else [],
        }
        for kind, config in layers
    ]
    text = json.dumps({"place": place, "layers": packed_layers}).encode()
    text += b" " * (-len(text) % 4)
    numbers = b"".join(each.astype("<f4").tobytes() for each in weights)
    return struct.pack("<I", len(text)) + text + numbers
