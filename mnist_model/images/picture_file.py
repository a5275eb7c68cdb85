"""A picture file from somebody else, checked before it is decoded: the one place where Pillow opens one.

Its format is one of two, named, because Pillow knows forty and starts Ghostscript for one of them. Its size is looked
up in its head, because a few hundred bytes can stand for gigabytes of paper.
"""

import base64
import binascii
import contextlib
import io
import threading
from collections.abc import Iterator
from typing import BinaryIO

from PIL import Image

from mnist_model.images.errors import NotAPicture

FORMATS = ("PNG", "JPEG")
MOST_PIXELS = 12_000_000
MOST_OBLONG = 50  # times as long as wide: more is no picture of a digit
MOST_CHARACTERS = 900_000  # of a file on its way from the browser, as text
_turn = threading.Lock()  # one at a time: each may take 150 MB


@contextlib.contextmanager
def opened(file: BinaryIO) -> Iterator[Image.Image]:
    """A picture that can be decoded within the block. Raises NotAPicture, whatever goes wrong while it is."""
    try:
        with _turn, Image.open(file, formats=FORMATS) as picture:
            _check(*picture.size)
            yield picture
    except NotAPicture:
        raise
    except Image.UnidentifiedImageError as error:
        raise NotAPicture("The file is not a picture that can be read: PNG and JPEG are.") from error
    except Image.DecompressionBombError as error:
        raise _too_large() from error
    except Exception as error:  # there is no end to what a damaged picture can raise
        raise NotAPicture("The picture is damaged: part of the file is missing or unreadable.") from error


def from_address(text: object) -> BinaryIO:
    """The file in a data URL that a browser has sent. Raises NotAPicture where that is none, or a large one."""
    if not isinstance(text, str) or not text.startswith("data:"):
        raise NotAPicture("What the browser has sent is not a picture.")
    if len(text) > MOST_CHARACTERS:
        raise NotAPicture("What the browser has sent is too large for a picture of a digit.")
    try:
        return io.BytesIO(base64.b64decode(text.partition(",")[2], validate=True))
    except binascii.Error as error:
        raise NotAPicture("What the browser has sent is not a picture.") from error


def _check(width: int, height: int) -> None:
    if width * height > MOST_PIXELS:
        raise _too_large()
    if max(width, height) > MOST_OBLONG * min(width, height):
        raise NotAPicture(
            f"The picture is more than {MOST_OBLONG} times as long as it is wide: cut the digit out of it."
        )


def _too_large() -> NotAPicture:
    return NotAPicture(f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels: take a smaller one.")
