"""A drawing as text short enough for an address: 28×28 levels of ink, as many as fit, compressed.

All of MNIST's first 1,000 test images fit with all their 256 levels (at most 386 characters, 243 in the mean), so that
every network says of them exactly what it said before; what is drawn with the canvas's pen does, too. Of noise fewer
levels are kept: 2 always fit.
"""

import base64
import binascii
import zlib

import numpy as np

from mnist_model.images.errors import NotADrawing
from mnist_model.images.resampling import SIZE

PREFIX = "ink-"
LONGEST_CODE = 400  # characters, the prefix among them
BITS = range(8, 0, -1)  # of a pixel, the finest first


def encode(image: np.ndarray) -> str:
    """An image (28, 28) in 0–1 -> "ink-" and letters, digits, - and _: at most 400 characters.

    Whatever has been decoded is encoded as it was: an address that is opened stays as it is.
    """
    levels = np.rint(255 * np.clip(image, 0, 1)).astype(np.uint8)
    codes = (_encoded(_shown(_counted(levels, bits), bits)) for bits in BITS)
    return next(code for code in codes if len(code) <= LONGEST_CODE)


def decode(code: str) -> np.ndarray:
    """The image (28, 28) float32 in 0–1 that an encoded one is. Raises NotADrawing for anything else."""
    try:
        if not code.startswith(PREFIX) or len(code) > LONGEST_CODE:
            raise ValueError("not one, or too long")
        packed = base64.b64decode(code.removeprefix(PREFIX) + "=" * (-len(code) % 4), altchars=b"-_", validate=True)
        bits, counts = packed[0], _decompressed(packed[1:])
        if bits not in BITS or counts.max() >= 2**bits or not counts.any():
            raise ValueError("levels that there are not, or no ink")
    except (ValueError, IndexError, binascii.Error, zlib.error) as error:
        raise NotADrawing("The drawing in the address is damaged.") from error
    return _shown(counts, bits).reshape(SIZE, SIZE) / np.float32(255)


def _counted(levels: np.ndarray, bits: int) -> np.ndarray:
    """Levels 0–255 -> the nearest of 2**bits, by number."""
    return np.rint(levels * ((2**bits - 1) / 255)).astype(np.uint8)


def _shown(counts: np.ndarray, bits: int) -> np.ndarray:
    """The level 0–255 of each number."""
    return np.rint(counts * (255 / (2**bits - 1))).astype(np.uint8)


def _encoded(levels: np.ndarray) -> str:
    """Levels 0–255 with nothing lost, in the fewest bits: however long."""
    bits = next(bits for bits in reversed(BITS) if (_shown(_counted(levels, bits), bits) == levels).all())
    packed = bytes([bits]) + _compressed(_counted(levels, bits))
    return PREFIX + base64.urlsafe_b64encode(packed).decode().rstrip("=")


def _compressed(counts: np.ndarray) -> bytes:
    deflate = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    return deflate.compress(counts.tobytes()) + deflate.flush()


def _decompressed(packed: bytes) -> np.ndarray:
    """Never more than an image, whatever the text would grow to. Raises ValueError and zlib.error."""
    inflate = zlib.decompressobj(-zlib.MAX_WBITS)
    counts = np.frombuffer(inflate.decompress(packed, SIZE * SIZE + 1), np.uint8)
    if len(counts) != SIZE * SIZE or not inflate.eof or inflate.unused_data:
        raise ValueError("not an image")
    return counts
