"""Shift an image, and how much of its ink that costs.

Shifting fills with paper and never wraps round: ink that leaves the 28×28 frame is gone.
"""

import numpy as np

from mnist_model.images.resampling import SIZE

FURTHEST = 14  # pixels: half the frame
MAP_REACH = 8  # pixels: how far accuracy maps go
LOST = 0.005  # with a larger part of its ink outside the frame, a digit has left it in part (frontend/follow.js too)

Offset = tuple[int, int]  # (dx, dy) in pixels: +x right, +y down
DIRECTIONS: dict[str, Offset] = {
    "right": (1, 0),
    "down right": (1, 1),
    "down": (0, 1),
    "down left": (-1, 1),
    "left": (-1, 0),
    "up left": (-1, -1),
    "up": (0, -1),
    "up right": (1, -1),
}
STRAIGHT = [DIRECTIONS[name] for name in ("right", "left", "down", "up")]


def shift(images: np.ndarray, dx: int, dy: int) -> np.ndarray:
    """Images (28, 28) or (n, 28, 28) moved by whole pixels: +dx right, +dy down, zero fill. Any type, any offset."""
    dx, dy = int(np.clip(dx, -SIZE, SIZE)), int(np.clip(dy, -SIZE, SIZE))
    shifted = np.zeros_like(images)
    shifted[..., _to(dy), _to(dx)] = images[..., _to(-dy), _to(-dx)]
    return shifted


def shift_each(images: np.ndarray, offsets: np.ndarray) -> np.ndarray:
    """Images (n, 28, 28), each moved by its own (dx, dy) of offsets (n, 2), whole pixels; zero fill."""
    reach = int(np.abs(offsets).max(initial=0))
    padded = np.pad(images, ((0, 0), (reach, reach), (reach, reach)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (SIZE, SIZE), axis=(1, 2))
    dx, dy = offsets.T
    return windows[np.arange(len(images)), reach - dy, reach - dx]


def everywhere(image: np.ndarray, reach: int = FURTHEST) -> np.ndarray:
    """An image (28, 28) at every offset up to `reach`: (2·reach + 1, 2·reach + 1, 28, 28), a view.

    The image at offset (dx, dy) is at [dy + reach, dx + reach].
    """
    return np.lib.stride_tricks.sliding_window_view(np.pad(image, reach), (SIZE, SIZE))[::-1, ::-1]


def ink_lost(image: np.ndarray, reach: int = FURTHEST) -> np.ndarray:
    """The fraction of an image's ink that each offset up to `reach` pushes out of the frame, 0–1, 0 for a blank one.

    (2·reach + 1, 2·reach + 1), at [dy + reach, dx + reach].
    """
    ink = float(image.sum())
    return 1 - everywhere(image, reach).sum((2, 3)) / ink if ink else np.zeros((2 * reach + 1, 2 * reach + 1))


def square(reach: int = MAP_REACH) -> list[Offset]:
    """Every offset up to `reach`, row by row."""
    offsets = range(-reach, reach + 1)
    return [(dx, dy) for dy in offsets for dx in offsets]


def _to(offset: int) -> slice:
    """Where pixels land on one axis when moved by `offset`; with −offset, where they come from."""
    return slice(max(offset, 0), SIZE + min(offset, 0))
