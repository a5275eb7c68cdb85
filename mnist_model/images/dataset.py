"""MNIST, verified: 60,000 training and 10,000 test images with their labels.

The data set is by Yann LeCun, Corinna Cortes and Christopher Burges. Every read is checked against the
published MD5 sums of the four original IDX files, so that a damaged file never shows a wrong picture.
"""

import functools
import hashlib
import struct
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mnist_model.images.errors import DatasetError

PATH = Path(__file__).parents[2] / "assets" / "mnist.npz"

# The array's name in the file and the MD5 sum of its IDX file: header, then bytes.
SUMS = {
    "x_train": "6bbc9ace898e44ae57da46a324031adb",
    "y_train": "a25bea736e30d166cdddb491f175f624",
    "x_test": "2646ac647ad5339dbf082846283269ea",
    "y_test": "27ae3e4e09519cfbb04c329615203637",
}

_DOWNLOAD = """
import os, sys
import numpy as np
import tensorflow as tf
(x_train, y_train), (x_test, y_test) = tf.keras.datasets.mnist.load_data()
np.savez_compressed(sys.argv[1], x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
os.replace(sys.argv[1], sys.argv[2])
"""

_reading = threading.Lock()


class Mnist(NamedTuple):
    """Images are uint8, (n, 28, 28), ink intensity 0–255; labels are uint8, (n,), 0–9."""

    train_images: np.ndarray
    train_labels: np.ndarray
    test_images: np.ndarray
    test_labels: np.ndarray

    def split(self, name: str) -> tuple[np.ndarray, np.ndarray]:
        """The images and labels of "training" or "test"."""
        return self[:2] if name == "training" else self[2:]


def load() -> Mnist:
    """MNIST, read once a process. Raises DatasetError where the file is damaged or cannot be had."""
    with _reading:
        return _read(PATH)


def scale(images: np.ndarray) -> np.ndarray:
    """Ink intensities 0–255 (uint8) -> the network's input, 0–1 (float32)."""
    return images.astype(np.float32) / 255


def means(images: np.ndarray, labels: np.ndarray) -> np.ndarray:
    """The mean image of each digit, of images (n, 28, 28) uint8 with labels (n,): (10, 28, 28) float32 in 0–1."""
    return np.stack([images[labels == digit].mean(0) for digit in range(10)]).astype(np.float32) / 255


def shuffle_pixels(images: np.ndarray, seed: int = 0) -> np.ndarray:
    """Images (…, 28, 28) with their pixels in another order, the same for every image and every call with this seed."""
    order = np.random.default_rng(seed).permutation(28 * 28)
    return images.reshape(*images.shape[:-2], -1)[..., order].reshape(images.shape)


def shuffled_pixels(mnist: Mnist) -> Mnist:
    """The data set with its pixels in another order."""
    train_images, test_images = map(shuffle_pixels, (mnist.train_images, mnist.test_images))
    return mnist._replace(train_images=train_images, test_images=test_images)


@functools.lru_cache(maxsize=1)
def _read(path: Path) -> Mnist:
    if not path.exists():
        _download(path)
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = [file[name] for name in SUMS]
        if [_idx_md5(array) for array in arrays] != list(SUMS.values()):
            raise ValueError("the sums of the arrays are others")
    except Exception as error:  # a zip file can be broken in many ways
        raise DatasetError(
            f"{_name(path)} is damaged. Restore it with `git checkout {_name(path)}`, "
            "or delete it and it will be downloaded again."
        ) from error
    for array in arrays:
        array.flags.writeable = False
    return Mnist(*arrays)


def _name(path: Path) -> str:
    """A file as it is called on a page: where the project lies is nobody's business."""
    return f"{path.parent.name}/{path.name}"


def _idx_md5(array: np.ndarray) -> str:
    """MD5 of the array as an IDX file: magic number, dimensions (big-endian), bytes."""
    unsigned_byte = 0x08
    header = struct.pack(f">HBB{array.ndim}I", 0, unsigned_byte, array.ndim, *array.shape)
    return hashlib.md5(header + array.tobytes(), usedforsecurity=False).hexdigest()


def _download(path: Path) -> None:
    """Fetch MNIST through Keras, in a process of its own, so that TensorFlow stays out of this one."""
    print(f"{_name(path)} is missing: fetching MNIST through Keras (11 MB) …", file=sys.stderr, flush=True)
    partial = path.with_suffix(".partial.npz")
    run = subprocess.run(
        [sys.executable, "-c", _DOWNLOAD, str(partial), str(path)], check=False, capture_output=True, text=True
    )
    if run.returncode:
        reason = (run.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise DatasetError(
            f"{_name(path)} is missing and could not be downloaded ({reason}). "
            "Copy mnist.npz there from another machine, or connect to the internet and try again."
        )
