"""Images as PNG files."""

import base64
import io

import numpy as np
from PIL import Image, ImageOps


def png(image: np.ndarray, enlarge: int = 1) -> bytes:
    """An image (h, w), float 0–1, white ink on black, or a picture (h, w, 4), uint8 RGBA -> a PNG.

    Each pixel is `enlarge` pixels wide.
    """
    levels = image if image.dtype == np.uint8 else np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)
    file = io.BytesIO()
    ImageOps.scale(Image.fromarray(levels), enlarge, Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


def data_url(content: bytes) -> str:
    """A PNG as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"
