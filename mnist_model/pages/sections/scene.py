"""The digit on the Shift page, and what every remedy says of it everywhere: computed once, then only looked up."""

import base64
import functools
import zlib
from typing import NamedTuple

import numpy as np
import streamlit as st

from mnist_model import figures, maps, shifting
from mnist_model.pages import shared
from mnist_model.remedies import Remedy

REACH = shifting.FURTHEST


class Place(NamedTuple):
    """What one remedy says of a digit at each of the 29×29 offsets."""

    remedy: Remedy
    title: str
    said: np.ndarray  # (29, 29, 10) probabilities, [dy + 14, dx + 14]
    breaking: np.ndarray  # (8,) pixels, 0 for never: the smallest shift in each direction that changes the answer
    picture: str  # the place map, HTML


class Everywhere(NamedTuple):
    """What every remedy says of one digit, and what the browser needs of it."""

    places: list[Place]
    hatching: str  # the offsets where ink has left the frame, a CSS image: every place map shows the same
    to_follow: dict  # for frontend/follow.js: the digit's ink, and all that is said of it in thousandths


class Scene(NamedTuple):
    """A digit, where it has been moved to, and what every remedy says."""

    image: np.ndarray
    dx: int
    dy: int
    everywhere: Everywhere

    @property
    def places(self) -> list[Place]:
        return self.everywhere.places

    @property
    def chosen(self) -> Place:
        """What the network chosen in the sidebar says."""
        return next(place for place in self.places if place.remedy.network == shared.chosen())

    @property
    def measured(self) -> list[tuple[Place, shared.Measurement]]:
        """The remedies that have been measured on the test set, with what was measured of them."""
        return [(place, each) for place in self.places if (each := shared.measurement(place.remedy))]

    @property
    def moved(self) -> np.ndarray:
        return shifting.shift(self.image, self.dx, self.dy)

    @property
    def k(self) -> int:
        """How far the digit has been moved, in pixels: the larger of |dx| and |dy|."""
        return max(abs(self.dx), abs(self.dy))

    def before(self, place: Place) -> np.ndarray:
        return place.said[REACH, REACH]

    def after(self, place: Place) -> np.ndarray:
        return place.said[self.dy + REACH, self.dx + REACH]


def everywhere(remedies: tuple[Remedy, ...], image: np.ndarray) -> Everywhere:
    """What each remedy says of an image (28, 28) at every offset: a slider only looks it up."""
    return _everywhere(remedies, image.astype(np.float32).tobytes())


# Looked up at every move: Streamlit's own cache takes a tenth of the page's time to say what it holds.
@functools.lru_cache(maxsize=100)
def _everywhere(remedies: tuple[Remedy, ...], pixels: bytes) -> Everywhere:
    image = np.frombuffer(pixels, np.float32).reshape(shifting.SIZE, shifting.SIZE)
    with st.spinner("Asking every network about every place …"):
        return _asked(remedies, image)


def _asked(remedies: tuple[Remedy, ...], image: np.ndarray) -> Everywhere:
    places = [_place(remedy, image) for remedy in remedies]
    lost = shifting.ink_lost_map(image) >= shifting.LOST
    permille = np.rint(1000 * np.stack([place.said for place in places])).astype("<u2")
    to_follow = {
        "reach": REACH,
        "names": [place.title for place in places],
        "ink": base64.b64encode(np.rint(255 * image).astype(np.uint8).tobytes()).decode(),
        "permille": base64.b64encode(zlib.compress(permille.tobytes(), 9)).decode(),
    }
    return Everywhere(places, figures.css_image(maps.hatching(lost)), to_follow)


def _place(remedy: Remedy, image: np.ndarray) -> Place:
    title = remedy.title if remedy.network in shared.SHIPPED else shared.short_title(remedy.network)
    said = shifting.place_map(shared.front(remedy), image)
    breaking = shifting.breaking_points(shifting.along_directions(said))
    return Place(remedy, title, said, breaking, figures.picture(maps.places(said), f"place map of {title}"))
