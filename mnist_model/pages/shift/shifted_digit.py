"""The digit on the Shift page, and what every remedy says of it everywhere: computed once, then only looked up."""

import functools
import json
import struct
import zlib
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import streamlit as st

from mnist_model.images import shifting
from mnist_model.networks import classifier
from mnist_model.networks.classifier import Classifier
from mnist_model.networks.places import Places
from mnist_model.networks.positions import along_directions, breaking_points, place_map
from mnist_model.networks.remedies import Remedy
from mnist_model.networks.study import Row, Study
from mnist_model.pages.shared import networks
from mnist_model.pages.shared.chosen import chosen, remedies
from mnist_model.pages.shared.digit import Digit, at_hand
from mnist_model.pages.shared.titles import title_of
from mnist_model.render import maps
from mnist_model.render.pictures import css_image, picture

REACH = shifting.FURTHEST
Measurement = networks.Measurement


class PlaceMap(NamedTuple):
    """What one remedy says of a digit at each of the 29×29 offsets."""

    remedy: Remedy
    title: str
    network: Classifier
    said: np.ndarray  # (29, 29, 10) probabilities, [dy + 14, dx + 14]
    breaking: np.ndarray  # (8,) pixels, 0 for never: the smallest shift in each direction that changes the answer
    picture: str  # HTML

    @property
    def is_shuffled(self) -> bool:
        """Whether the network was trained again with shuffled pixels."""
        return self.network.folder.is_shipped and self.network.about.is_shuffled and not self.remedy.centred

    @property
    def before(self) -> np.ndarray:
        """What it says of the digit at no shift."""
        return self.said[REACH, REACH]


class PlaceMaps(NamedTuple):
    """What every remedy says of one digit, and what the browser needs of it."""

    maps: list[PlaceMap]
    picture: str  # of the digit where it was, HTML
    lost: np.ndarray  # (29, 29) how much of the ink has left the frame at each offset, 0–1
    hatching: str  # the offsets where ink has left the frame, a CSS image: every place map shows the same
    said: bytes  # deflated: the digit's ink, 784 of 0–255, and all that is said of it, uint16 thousandths


@dataclass(frozen=True)
class ShiftedDigit:
    """A digit, where it has been moved to, and what every remedy says."""

    digit: Digit
    dx: int
    dy: int
    everywhere: PlaceMaps

    @property
    def image(self) -> np.ndarray:
        return self.digit.image

    @property
    def maps(self) -> list[PlaceMap]:
        return self.everywhere.maps

    @functools.cached_property
    def chosen(self) -> PlaceMap:
        """What the network chosen in the sidebar says."""
        remedy = Remedy(chosen())
        return next(each for each in self.maps if each.remedy == remedy)

    @property
    def to_follow(self) -> bytes:
        """What frontend/follow.js has to know: the length of a JSON text, uint32; the text; what is said everywhere."""
        names = {"names": [each.title for each in self.maps], "chosen": self.chosen.title, "label": self.digit.label}
        text = json.dumps(names).encode()
        return struct.pack("<I", len(text)) + text + self.everywhere.said

    @functools.cached_property
    def measured(self) -> list[tuple[PlaceMap, networks.Measurement]]:
        """The remedies that have been measured on the test set, with what was measured of them."""
        return [(each, found) for each in self.maps if (found := self.measurement(each))]

    @property
    def moved(self) -> np.ndarray:
        return shifting.shift(self.image, self.dx, self.dy)

    @property
    def lost(self) -> float:
        """How much of the ink has left the frame, 0–1."""
        return float(self.everywhere.lost[self.dy + REACH, self.dx + REACH])

    @property
    def k(self) -> int:
        """How far the digit has been moved, in pixels: the larger of |dx| and |dy|."""
        return max(abs(self.dx), abs(self.dy))

    @property
    def study(self) -> Study:
        """What the study of the shipped remedies and of variants says. Raises NetworkError."""
        return networks.studied()

    def measurement(self, place_map: PlaceMap) -> networks.Measurement | None:
        """What was measured of a remedy on the test set, if it was."""
        return networks.measurement(place_map.network, place_map.remedy.centred)

    def places(self, place_map: PlaceMap) -> Places | None:
        """What was measured of a remedy within 3 pixels, if it was."""
        return networks.places(place_map.network.folder.path, place_map.remedy.centred)

    def studied(self, place_map: PlaceMap) -> Row | None:
        """What several seeds of a shipped remedy say; None for a network of one's own. Raises NetworkError."""
        return self.study.get(place_map.remedy.title) if place_map.network.folder.is_shipped else None

    def damage(self, place_map: PlaceMap) -> str:
        """Why what was measured of a remedy cannot be read, in one sentence; "" where nothing is wrong with it."""
        return networks.damage(place_map.network, place_map.remedy.centred)

    def after(self, place_map: PlaceMap) -> np.ndarray:
        """What a remedy says of the digit where it is now."""
        return place_map.said[self.dy + REACH, self.dx + REACH]


def shifted_digit() -> ShiftedDigit:
    """The digit at the sliders' offset, and what every remedy says of it."""
    digit = at_hand()
    dx, dy = st.session_state.setdefault("dx", 0), st.session_state.setdefault("dy", 0)
    asked = tuple((remedy, title_of(remedy), networks.load(remedy.network)) for remedy in remedies())
    return ShiftedDigit(digit, dx, dy, _place_maps(asked, digit.image.astype(np.float32).tobytes()))


# Looked up at every move: Streamlit's own cache takes a tenth of the page's time to say what it holds.
@functools.lru_cache(maxsize=100)
def _place_maps(asked: tuple[tuple[Remedy, str, Classifier], ...], pixels: bytes) -> PlaceMaps:
    image = np.frombuffer(pixels, np.float32).reshape(28, 28)
    with st.spinner("Asking every network about every place …"):
        every = [_place_map(*each, image) for each in asked]
    lost = shifting.ink_lost(image)
    ink = np.rint(255 * image).astype(np.uint8)
    permille = np.rint(1000 * np.stack([each.said for each in every])).astype("<u2")
    said = zlib.compress(ink.tobytes() + permille.tobytes(), 9)
    hatching = css_image(maps.hatching(lost >= shifting.LOST))
    return PlaceMaps(every, picture(image, "the original digit"), lost, hatching, said)


def _place_map(remedy: Remedy, title: str, network: Classifier, image: np.ndarray) -> PlaceMap:
    said = place_map(classifier.front(network, remedy.centred), image)
    shown = maps.named(picture(maps.places(said), f"place map of {title}"), said.argmax(-1))
    return PlaceMap(remedy, title, network, said, breaking_points(along_directions(said)), shown)
