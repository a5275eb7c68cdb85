"""Images as pictures with hard-edged pixels: HTML."""

import functools
import html

import numpy as np

from mnist_model.render.answers import labelled
from mnist_model.render.png import data_url, png


def picture(image: np.ndarray, alt: str, width: int | None = None) -> str:
    """An image or a picture, as `png` takes it, with hard-edged pixels: HTML, `width` CSS pixels or as its place."""
    size = f' style="width:{width}px"' if width else ""
    return f'<img class="pixels"{size} alt="{html.escape(alt)}" src="{_png_url(image)}">'


def css_image(image: np.ndarray) -> str:
    """An image or a picture, as `png` takes it, as a CSS value."""
    return f"url({_png_url(image)})"


def strip(images: np.ndarray, alt: str) -> str:
    """Images (n, 28, 28) side by side as one picture, a pixel apart: HTML."""
    return picture(np.concatenate(np.pad(images, ((0, 0), (0, 0), (0, 1))), 1)[:, :-1], alt)


def framed(shown: str, of: tuple[int, ...], place: tuple[int, int], side: int = 1) -> str:
    """A picture (HTML) of so many rows and columns with a frame of `side` pixels at a place, (row, column): HTML."""
    (height, width), (row, column) = of[:2], place
    style = f"left:{column / width:.2%};top:{row / height:.2%};width:{side / width:.2%};height:{side / height:.2%}"
    return f'<div class="framed">{shown}<i style="{style}"></i></div>'


def captioned(content: str, caption: str, label: int | None = None) -> str:
    """HTML with a line of text under it, and a label where that is known."""
    return f"<figure>{content}<figcaption>{html.escape(caption)}{labelled(label)}</figcaption></figure>"


def _png_url(image: np.ndarray) -> str:
    return _cached_png_url(image.tobytes(), image.dtype.str, image.shape)


@functools.lru_cache(maxsize=1000)
def _cached_png_url(pixels: bytes, dtype: str, shape: tuple[int, int]) -> str:
    return data_url(png(np.frombuffer(pixels, dtype).reshape(shape)))
