"""Images as pictures with hard-edged pixels: HTML."""

import base64
import functools
import html

import numpy as np

from mnist_model.render.png import data_url, png


def picture(image: np.ndarray, alt: str, width: int | None = None) -> str:
    """An image or a picture, as `png` takes it, with hard-edged pixels: HTML, `width` CSS pixels or as its place."""
    size = f' style="width:{width}px"' if width else ""
    return f'<img class="pixels"{size} alt="{html.escape(alt)}" src="{_png_url(image)}">'


def css_image(image: np.ndarray) -> str:
    """An image or a picture, as `png` takes it, as a CSS value."""
    return f"url({_png_url(image)})"


def captioned(content: str, caption: str, label: int | None = None) -> str:
    """HTML with a line of text under it, and a label where that is known."""
    labelled = "" if label is None else f': <span class="label"><span>{label}</span></span>'
    return f"<figure>{content}<figcaption>{html.escape(caption)}{labelled}</figcaption></figure>"


def drawing(svg: str, alt: str) -> str:
    """An SVG file's text as a picture: HTML, as wide as its place."""
    source = base64.b64encode(svg.encode()).decode()
    return f'<img class="drawing" alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{source}">'


def _png_url(image: np.ndarray) -> str:
    return _cached_png_url(image.tobytes(), image.dtype.str, image.shape)


@functools.lru_cache(maxsize=4096)
def _cached_png_url(pixels: bytes, dtype: str, shape: tuple[int, int]) -> str:
    return data_url(png(np.frombuffer(pixels, dtype).reshape(shape)))
