"""Where the training digits live: the density of their centres of mass, and this digit's as a dot over it."""

from typing import NamedTuple

import numpy as np
import streamlit as st

from mnist_model.images import drawing
from mnist_model.images.resampling import SIZE
from mnist_model.pages.shared.mnist import inputs
from mnist_model.pages.shift.shifted_digit import ShiftedDigit
from mnist_model.render import maps
from mnist_model.render.pictures import captioned, picture

MIDDLE = (SIZE - 1) / 2  # of the frame; the training digits' is half a pixel right and down of it
ZOOM = 3  # pixels shown each way of the middle
TEXT = (
    '<h3 class="title">Where the 60,000 training digits live</h3><p>Every training digit has its centre of mass in '
    "the blue spot: half of them within {half:.2f} px of its centre, 99 % within {most:.2f} px. (28 is even: "
    "MNIST's middle is half a pixel right of and below the frame's.) The dot is the digit on screen, "
    "<b>{away}</b>. A network trained on these has only ever met digits in the middle; <b>dense-shifted</b> was "
    "trained with digits all over the dashed square.</p>"
)
GONE = "of which no ink is left in the frame"
OUTSIDE = (99.0, 99.0)


class Density(NamedTuple):
    frame: str  # the density over the whole frame, HTML
    zoom: str  # the density around the middle, HTML
    half: float  # px: half of the training digits lie within this distance of the middle
    most: float  # px: 99 % do


def show(shown: ShiftedDigit) -> None:
    """The density over the frame and around its middle, with this digit's centre of mass."""
    density, moved = _density(), shown.moved
    inked = moved.any()
    away = f"{np.hypot(*drawing.off_centre(moved)):.1f} px from it" if inked else GONE
    x, y = drawing.centres_of_mass(moved[None])[0] - MIDDLE if inked else OUTSIDE
    reach = max(each.network.report.recipe.shift for each in shown.maps)
    square = f'<i class="square" style="--shift:{reach};--middle:{drawing.CENTRE - MIDDLE}"></i>'
    ink = picture(maps.ink(moved), "the digit")
    frame = maps.dotted(ink + density.frame, SIZE / 2, square)
    pictures = captioned(frame, "the whole frame, 28×28")
    pictures += captioned(maps.dotted(density.zoom, ZOOM), f"its middle {2 * ZOOM}×{2 * ZOOM}, enlarged")
    text = TEXT.format(half=density.half, most=density.most, away=away)
    st.html(maps.located(f'{text}<div class="pair density">{pictures}</div>', x, y, "section"))


@st.cache_resource(show_spinner="Finding 60,000 centres of mass …")
def _density() -> Density:
    centres = drawing.centres_of_mass(inputs("training", slice(None)))
    half, most = np.quantile(np.hypot(*(centres - drawing.CENTRE).T), [0.5, 0.99])
    frame, zoom = (picture(maps.density(centres - MIDDLE, reach), "density of centres") for reach in (SIZE / 2, ZOOM))
    return Density(frame, zoom, float(half), float(most))
