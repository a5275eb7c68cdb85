"""Colours that mean something can be told apart, by people with red-green blindness too."""

import numpy as np
import pytest
from colorspacious import cspace_convert

from mnist_model.networks.remedies import REMEDIES
from mnist_model.render.colours import DIGIT_COLOURS, LINE_COLOURS, NEGATIVE, POSITIVE, TRAINING_AND_TEST

SIGHT = {
    "normal": "sRGB1",
    "no red": {"name": "sRGB1+CVD", "cvd_type": "protanomaly", "severity": 100},
    "no green": {"name": "sRGB1+CVD", "cvd_type": "deuteranomaly", "severity": 100},
}
MISTAKEN = [(4, 9), (3, 5), (7, 9), (2, 7), (1, 7), (3, 8), (5, 8), (5, 6), (0, 6), (2, 3), (2, 8)]
LIGHT, DARK = (1.0, 1.0, 1.0), (0.055, 0.067, 0.09)


def rgb(colours: list[str]) -> np.ndarray:
    return np.array([list(bytes.fromhex(colour[1:])) for colour in colours]) / 255


def seen(colours: np.ndarray, sight: str) -> np.ndarray:
    """CIELab (n, 3) of colours (n, 3) as somebody sees them."""
    return cspace_convert(np.clip(cspace_convert(colours, SIGHT[sight], "sRGB1"), 0, 1), "sRGB1", "CIELab")


def ciede2000(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """How different two colours in CIELab look (Sharma, Wu and Dalal 2005)."""
    (l1, a1, b1), (l2, a2, b2) = np.moveaxis(one, -1, 0), np.moveaxis(other, -1, 0)
    stretch = 1 + 0.5 * (1 - _saturation((np.hypot(a1, b1) + np.hypot(a2, b2)) / 2))
    c1, c2 = np.hypot(stretch * a1, b1), np.hypot(stretch * a2, b2)
    h1, h2 = np.arctan2(b1, stretch * a1), np.arctan2(b2, stretch * a2)
    turn = (h2 - h1 + np.pi) % (2 * np.pi) - np.pi
    lightness, chroma, hue = (l1 + l2) / 2 - 50, (c1 + c2) / 2, np.degrees(h1 + turn / 2) % 360
    t = 1 - 0.17 * _cos(hue - 30) + 0.24 * _cos(2 * hue) + 0.32 * _cos(3 * hue + 6) - 0.2 * _cos(4 * hue - 63)
    dl = (l2 - l1) / (1 + 0.015 * lightness**2 / np.sqrt(20 + lightness**2))
    dc = (c2 - c1) / (1 + 0.045 * chroma)
    dh = 2 * np.sqrt(c1 * c2) * np.sin(turn / 2) / (1 + 0.015 * chroma * t)
    blue = -2 * _saturation(chroma) * np.sin(np.radians(60 * np.exp(-(((hue - 275) / 25) ** 2))))
    return np.sqrt(dl**2 + dc**2 + dh**2 + blue * dc * dh)


def _saturation(chroma: np.ndarray) -> np.ndarray:
    return np.sqrt(chroma**7 / (chroma**7 + 25**7))


def _cos(degrees: np.ndarray) -> np.ndarray:
    return np.cos(np.radians(degrees))


@pytest.mark.parametrize(
    "one, other, difference",
    [
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1, 2), (50, 0, 0), 2.3669),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ],
)
def test_the_difference_is_the_published_one(one, other, difference):
    assert ciede2000(np.array(one, float), np.array(other, float)) == pytest.approx(difference, abs=1e-4)


@pytest.mark.parametrize("sight", SIGHT)
def test_no_two_digits_look_alike_and_those_that_are_mistaken_look_very_different(sight):
    lab = seen(rgb(DIGIT_COLOURS), sight)
    apart = ciede2000(lab[:, None], lab[None]) + 100 * np.eye(10)
    assert apart.min() > 17 and min(apart[pair] for pair in MISTAKEN) > 32


@pytest.mark.parametrize("sight", SIGHT)
@pytest.mark.parametrize("page", [LIGHT, DARK])
def test_every_colour_stands_out_on_the_page(sight, page):
    lab = seen(rgb(DIGIT_COLOURS), sight)
    assert ciede2000(lab, seen(np.array([page]), sight)).min() > 20


PAIRS = [TRAINING_AND_TEST, LINE_COLOURS[:2], [POSITIVE, NEGATIVE]]  # training and test, run A and B, plus and minus


@pytest.mark.parametrize("sight", SIGHT)
def test_the_two_of_a_pair_differ_for_everybody(sight):
    for pair in PAIRS:
        assert ciede2000(*seen(rgb(pair), sight)) > 17


def test_no_pair_shares_a_colour_with_another_and_each_is_seen_on_light_and_dark():
    colours = rgb([*TRAINING_AND_TEST, *LINE_COLOURS, POSITIVE, NEGATIVE])
    lab = seen(colours, "normal")
    assert (ciede2000(lab[:, None], lab[None]) + 100 * np.eye(len(lab))).min() > 15
    assert all(min(contrast(colour, LIGHT), contrast(colour, DARK)) >= 3 for colour in colours)


def test_every_network_that_shift_compares_has_a_line_of_its_own_colour_and_so_has_ones_own():
    assert len(LINE_COLOURS) > len(REMEDIES)


def contrast(one, other) -> float:
    """As in the WCAG: 1 to 21."""
    linear = [np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4) for c in map(np.array, (one, other))]
    dark, light = sorted(colour @ (0.2126, 0.7152, 0.0722) for colour in linear)
    return (light + 0.05) / (dark + 0.05)
