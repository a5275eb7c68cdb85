"""Why, in pictures: what an answer rests on, hidden units on the wrong ink, feature maps, what pooling leaves."""

import html

import numpy as np
import streamlit as st

from mnist_model.images.shifting import FURTHEST
from mnist_model.networks import activations
from mnist_model.networks.occlusion import SIDE, Occlusion
from mnist_model.pages.shared import networks
from mnist_model.pages.shared.layout import chart
from mnist_model.pages.shift.shifted_digit import PlaceMap, ShiftedDigit
from mnist_model.render import charts, maps, words
from mnist_model.render.pictures import captioned, picture
from mnist_model.render.tables import table

UNITS, CHANNELS = 3, 3
OCCLUSION = (
    '<h3 class="title">What the answer of {name} rests on</h3><p>At every pixel: what becomes of the answer’s '
    "probability when a square of paper, {side}×{side} pixels, is laid over the digit there. <b class=gained>Blue</b>: "
    "it falls, the more the stronger the colour; <b class=lost>red</b>: it rises. This shows what matters to this one "
    "answer, not what the network “sees”: where two strokes say the same, neither may be missed.</p>"
)
DENSE = (
    '<h3 class="title">Hidden units of {name}: every weight waits at one pixel</h3><p>The {count} units that say most '
    "for the answer {answer}. <b class=gained>Blue</b> weights add the ink they meet, <b class=lost>red</b> ones "
    "subtract it; a sum below 0 counts as 0 (ReLU). Move the digit, and its ink meets other weights: the sums come out "
    "different, until the answer does too.</p>"
)
CONV = (
    '<h3 class="title">Feature maps: what was seen, and where</h3><p>A convolution looks for the same small '
    "pattern everywhere, so its maps move along with the digit. {text}</p>"
)
SIMILAR = (
    '<h3 class="title">How similar the last hidden numbers stay, for this digit</h3><p>1 means that the last layer '
    "gets the same pattern of numbers as before the shift, 0 that nothing is left of it (cosine similarity, the "
    "mean of right, left, up and down). <b>conv-global</b> looks at every fourth pixel in the end, so it dips "
    "between. Numbers may also change and still be read rightly: <b>dense-shifted</b> has learned to.</p>"
)


def show(shown: ShiftedDigit) -> None:
    """The whole section. Raises NetworkError where a network has no layers to look into."""
    st.html(occlusions(shown))
    curves = [networks.similarity_by_shift(each.remedy, shown.image) for each in shown.maps]
    dense = next(each for each in (shown.chosen, *shown.maps) if activations.is_dense(each.network))
    st.html(units(dense, shown) + convolutions(shown) + SIMILAR)
    series = {
        each.title: [(k, round(float(value), 3)) for k, value in enumerate(curve)]
        for each, curve in zip(shown.maps, curves, strict=True)
    }
    option = charts.lines(series, "shift k in pixels", "similarity", FURTHEST, (0, 1), (shown.k, f"{shown.k} px"))
    chart(option, "Similarity of the last hidden vector by shift, for each remedy", 320)


def occlusions(shown: ShiftedDigit) -> str:
    """What the chosen network's answer rests on, before the shift and now: HTML."""
    network = shown.chosen.network
    text = OCCLUSION.format(name=html.escape(shown.chosen.title), side=SIDE)
    pictures = "".join(
        occlusion(image, networks.occlusion(network, image), when)
        for image, when in ((shown.image, "before"), (shown.moved, "now"))
    )
    return f'{text}<div class="pair">{pictures}</div>'


def occlusion(image: np.ndarray, found: Occlusion, when: str) -> str:
    """The digit over the colours of what its answer loses where it is covered, and how little that leaves: HTML."""
    lost = picture(maps.signed(found.probability - found.covered, 1), "what the answer loses where it is covered")
    caption = f"{when}: {words.occlusion(found)}"
    return captioned(f'<div class="map">{lost}{picture(maps.ink(image), "the digit")}</div>', caption)


def units(dense: PlaceMap, shown: ShiftedDigit) -> str:
    """A row for each unit: its weights, the ink over them, their product, and the sum before and now."""
    telling = networks.telling_units(dense.network, shown.image, UNITS)
    head = ["unit", "weights", "ink over them", "weights × ink", "sum before", "sum now"]
    rows = [unit_row(unit, shown) for unit in telling]
    text = DENSE.format(name=html.escape(dense.title), count=len(telling), answer=dense.before.argmax())
    return text + table(head, rows, "insides")


def unit_row(unit: activations.Unit, shown: ShiftedDigit) -> list[str]:
    """A row of the table of hidden units: number, weights, the ink over them, their product, the sum before and now."""
    moved, largest = shown.moved, float(np.abs(unit.kernel).max())
    weights = maps.signed(unit.kernel, largest)
    before, now = (round(unit.total(image), 1) + 0.0 for image in (shown.image, moved))  # no −0.0
    return [
        str(unit.number),
        picture(weights, f"the weights of unit {unit.number}"),
        picture(maps.inked(weights, moved), "the ink over the weights"),
        picture(maps.signed(unit.kernel * moved, largest), "weights times ink"),
        f"{before:+.1f}",
        f"<b class={'gained' if now > 0 else 'lost'}>{now:+.1f}</b>",
    ]


def convolutions(shown: ShiftedDigit) -> str:
    """Feature maps of the convolutional networks of which the registry tells, and what their last layer gets."""
    told = [each for each in shown.maps if each.network.folder.is_shipped and each.network.about.feature_maps]
    head = ["", "", "first maps", "last maps", "last layer gets", "alike"]
    rows = []
    for each in told:
        before, now = (networks.features(each.network, image) for image in (shown.image, shown.moved))
        cosine = float(activations.similarity(before.vector, now.vector))
        rows.append([html.escape(each.title), "before", *feature_pictures(before, before), ""])
        rows.append(["", "now", *feature_pictures(now, before), f"<b>{cosine:.2f}</b>"])
    return CONV.format(text=" ".join(each.network.about.feature_maps for each in told)) + table(
        head, rows, "insides features"
    )


def feature_pictures(features: activations.Features, reference: activations.Features) -> list[str]:
    """Pictures of the maps whose channels are the strongest in `reference`, and of the vector, in its strength."""
    cells = []
    for shown, of in ((features.first, reference.first), (features.last, reference.last)):
        channels = activations.strongest(of, CHANNELS)
        pictures = (picture(shown[..., c] / max(1e-9, of[..., c].max()), f"feature map {c}") for c in channels)
        cells.append(f'<div class="strip">{"".join(pictures)}</div>')
    vector = activations.as_picture(features.vector) / max(1e-9, float(reference.vector.max()))
    cells.append(picture(vector, "the last hidden numbers"))
    return cells
