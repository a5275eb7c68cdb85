"""A picture for each remedy, of real data: HTML."""

import html

import numpy as np

from mnist_model.networks.activations import Features, strongest
from mnist_model.render import maps
from mnist_model.render.pictures import captioned, framed, picture, strip

ROWS = ("MNIST's own", "as it learned from them", "digits in other styles, drawn by a pen of our own")


def centring(before: np.ndarray, after: np.ndarray) -> str:
    """A digit (28, 28) before and after."""
    return captioned(picture(before, "the digit"), "before") + captioned(picture(after, "the digit, centred"), "after")


def learned(rows: np.ndarray) -> str:
    """Images that a network learned from, (2 or 3, n, 28, 28) uint8, as RunFolder has them."""
    shown = (captioned(strip(row, "training images"), said) for row, said in zip(rows, ROWS, strict=False))
    return f'<div class="rows">{"".join(shown)}</div>'


def passing(image: np.ndarray, kernels: np.ndarray, features: Features) -> str:
    """A filter (of kernels (h, w, 1, n), the one that finds most) that passes over an image, and the map it makes."""
    (channel,) = strongest(features.first, 1)
    kernel, found = kernels[:, :, 0, channel], features.first[..., channel]
    place = _peak(found)
    window = framed(picture(image, "the digit, a window passing over it"), image.shape, place, len(kernel))
    weights = picture(maps.signed(kernel, float(np.abs(kernel).max())), "the weights of the filter")
    made = framed(picture(_bright(found), "the map"), found.shape, place)
    return f'<div class="passing">{captioned(window, "the digit")}{captioned(weights, "the filter")}' + (
        f"{captioned(made, 'where it finds its pattern')}</div>"
    )


def maxima(features: Features, count: int = 3) -> str:
    """The strongest maps before global pooling, the maximum of each framed: that value stays, and no place."""

    def one(channel: int) -> str:
        found = features.last[..., channel]
        shown = framed(picture(_bright(found), f"map {channel}"), found.shape, _peak(found))
        return captioned(shown, f"{found.max():.2f} stays")

    return "".join(map(one, strongest(features.last, count)))


def remedy(title: str, line: str, shown: str, said: str) -> str:
    """A remedy's title and its line, its picture (HTML) and what that shows."""
    text = f"<p>{html.escape(line[:1].upper() + line[1:])}. {said}</p>"
    return f'<section><h4>{html.escape(title)}</h4><div class="figures">{shown}</div>{text}</section>'


def _peak(found: np.ndarray) -> tuple[int, int]:
    """Where the largest value of a map (h, w) is: row and column."""
    row, column = divmod(int(found.argmax()), found.shape[1])
    return row, column


def _bright(found: np.ndarray) -> np.ndarray:
    """A map as an image in 0–1."""
    image: np.ndarray = found / max(1e-9, float(found.max()))
    return image
