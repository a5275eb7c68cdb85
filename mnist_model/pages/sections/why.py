"""Why, in pictures: hidden units that meet the wrong ink, feature maps that move along, and what pooling leaves."""

import numpy as np
import streamlit as st

from mnist_model import classifier, figures, inside, maps
from mnist_model.pages import shared
from mnist_model.pages.sections.scene import Scene
from mnist_model.remedies import Remedy
from mnist_model.shifting import FURTHEST

UNITS, CHANNELS = 3, 3
DENSE = (
    '<h3 class="title">Hidden units of {name}: every weight waits at one pixel</h3><p>The {count} units that say most '
    "for the answer {answer}. <b class=gained>Blue</b> weights add the ink they meet, <b class=lost>red</b> ones "
    "subtract it; a sum below 0 counts as 0 (ReLU). Move the digit, and its ink meets other weights: the sums come out "
    "different, until the answer does too.</p>"
)
CONV = (
    '<h3 class="title">Feature maps: what was seen, and where</h3><p>A convolution looks for the same small '
    "pattern everywhere, so its maps move along with the digit. In <b>conv</b>, Flatten keeps every value at its "
    "place: after a move the last layer gets other numbers. In <b>conv-global</b>, pooling keeps only the "
    "strongest value of each map, wherever it was: the numbers stay nearly the same.</p>"
)
SIMILAR = (
    '<h3 class="title">How similar the last hidden numbers stay, for this digit</h3><p>1 means that the last layer '
    "gets the same pattern of numbers as before the shift, 0 that nothing is left of it (cosine similarity, the "
    "mean of right, left, up and down). <b>conv-global</b> looks at every fourth pixel in the end, so it dips "
    "between. Numbers may also change and still be read rightly: <b>dense-shifted</b> has learned to.</p>"
)


def show(scene: Scene) -> None:
    """The whole section, or one sentence where a network has no layers to look into."""
    try:
        curves = _similarities(shared.remedies(), scene.image)
        name = shared.chosen() if inside.is_dense(shared.network()) else "dense"
        pictures = _units(name, scene) + _convolutions(scene)
    except classifier.NetworkError as error:
        st.error(str(error))
        return
    st.html(pictures + SIMILAR)
    series = {
        place.title: [(k, round(float(value), 3)) for k, value in enumerate(curve)]
        for place, curve in zip(scene.places, curves, strict=True)
    }
    chart = figures.lines(series, "shift k in pixels", "similarity", FURTHEST, (0, 1), (scene.k, f"{scene.k} px"))
    shared.chart(chart, "Similarity of the last hidden vector by shift, for each remedy", 320)


def _units(name: str, scene: Scene) -> str:
    """A row for each unit: its weights, the ink over them, their product, and the sum before and now."""
    place = next(place for place in scene.places if place.remedy == Remedy(name))
    answer = int(scene.before(place).argmax())
    units = _telling_units(name, scene.image)
    head = ["unit", "weights", "ink over them", "weights × ink", "sum before", "sum now"]
    rows = [_unit_row(unit, scene) for unit in units]
    return DENSE.format(name=place.title, count=len(units), answer=answer) + figures.table(head, rows, "insides")


def _unit_row(unit: inside.Unit, scene: Scene) -> list[str]:
    moved, largest = scene.moved, float(np.abs(unit.kernel).max())
    weights = maps.signed(unit.kernel, largest)
    before, now = (round(unit.total(image), 1) + 0.0 for image in (scene.image, moved))  # no −0.0
    return [
        str(unit.number),
        figures.picture(weights, f"the weights of unit {unit.number}"),
        figures.picture(maps.inked(weights, moved), "the ink over the weights"),
        figures.picture(maps.signed(unit.kernel * moved, largest), "weights times ink"),
        f"{before:+.1f}",
        f"<b class={'gained' if now > 0 else 'lost'}>{now:+.1f}</b>",
    ]


def _convolutions(scene: Scene) -> str:
    """The feature maps of both kinds of convolutional network, before and now, and what their last layer gets."""
    head = ["", "", "first maps", "last maps", "last layer gets", "alike"]
    rows = []
    for name in ("conv", "conv-global"):
        before, now = (_features(name, image) for image in (scene.image, scene.moved))
        cosine = float(inside.similarity(before.vector, now.vector))
        rows.append([name, "before", *_feature_pictures(before, before), ""])
        rows.append(["", "now", *_feature_pictures(now, before), f"<b>{cosine:.2f}</b>"])
    return CONV + figures.table(head, rows, "insides features")


def _feature_pictures(features: inside.Features, reference: inside.Features) -> list[str]:
    """Pictures of the maps whose channels are the strongest in `reference`, and of the vector, in its strength."""
    cells = []
    for shown, of in ((features.first, reference.first), (features.last, reference.last)):
        channels = inside.strongest(of, CHANNELS)
        pictures = (figures.picture(shown[..., c] / of[..., c].max(), f"feature map {c}") for c in channels)
        cells.append(f'<div class="strip">{"".join(pictures)}</div>')
    vector = features.vector.reshape(-1, 8 if features.vector.size == 64 else 40)
    cells.append(figures.picture(vector / max(1e-9, float(reference.vector.max())), "the last hidden numbers"))
    return cells


@st.cache_resource(show_spinner=False, max_entries=100)
def _telling_units(name_or_folder: str, image: np.ndarray) -> list[inside.Unit]:
    return inside.telling_units(shared.load(name_or_folder), image, UNITS)


@st.cache_resource(show_spinner=False, max_entries=500)
def _features(name: str, image: np.ndarray) -> inside.Features:
    return inside.features(shared.load(name), image)


@st.cache_resource(show_spinner=False, max_entries=100)
def _similarities(remedies: tuple, image: np.ndarray) -> list[np.ndarray]:
    return [inside.similarity_by_shift(shared.front(remedy), image) for remedy in remedies]
