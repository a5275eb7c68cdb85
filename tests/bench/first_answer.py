"""From a fresh process to a first prediction, imports included: python -m tests.bench.first_answer ours|keras"""

import json
import sys
import time

begun = time.perf_counter()

import numpy as np  # noqa: E402  the import is part of what is timed


def ours(image: np.ndarray) -> np.ndarray:
    from mnist_model.networks import classifier

    return classifier.load("dense").probabilities(image)


def keras(image: np.ndarray) -> np.ndarray:
    """The tutorial's way to use a saved network."""
    import tensorflow as tf

    return tf.keras.models.load_model("assets/networks/dense/model.keras").predict(image, verbose=0)


probabilities = {"ours": ours, "keras": keras}[sys.argv[1]](np.zeros((1, 28, 28), np.float32))
seconds = time.perf_counter() - begun
assert probabilities.shape == (1, 10)
print(json.dumps({"seconds": seconds, "tensorflow": "tensorflow" in sys.modules}))
