"""The verdict: what each remedy costs and what it buys, from measurements."""

import html

import streamlit as st

from mnist_model.networks.places import SHIFTS, Places
from mnist_model.networks.remedies import REMEDIES
from mnist_model.networks.study import VARIANTS, Row, Spread, Study
from mnist_model.pages.shared.teacher import counted
from mnist_model.pages.shift.accuracy import offer_to_measure
from mnist_model.pages.shift.shifted_digit import Measurement, PlaceMap, ShiftedDigit
from mnist_model.render.tables import shaded, share, table

TEXT = (
    '<h3 class="title">The verdict</h3><p>The tutorial ends with “that is where convolutions are powerful”. Check it: '
    "without a shift <b>conv</b> is better than <b>dense</b>, and at 2 pixels by far, but at 6 pixels both are lost. "
    "What helps is forgetting the place (<b>conv-global</b>), undoing the move (<b>centring</b>), or having seen every "
    "place (<b>dense-shifted</b>), which costs accuracy in the middle. <b>robust</b> pools like conv-global and was "
    "trained on digits changed as people's hands would: made for strangers' handwriting, it holds up here too. "
    "<b>conv-shifted</b>, trained on moved digits, too, reads them better than dense networks thirty times its size; "
    "blurring before every second pixel is dropped (<b>conv-blur</b>) makes conv fail a little later.</p>"
)
NOTE = (
    "<p>Accuracy in % on the 10,000 test images, the mean of right, left, up and down; “up to 4 px” is the mean "
    "over all 81 offsets with |dx| and |dy| of at most 4 px. At 4 px every fifth digit has lost ink over the edge, "
    "at 6 px three in five, and nobody can read what is gone. Training time is that of the machine that made the "
    "network; centring needs none of its own.</p>"
    "<p><b>±</b>: each figure is the mean over up to five networks that differ only in their seed, and ± the standard "
    "deviation of these: a difference that is not several times as large may be chance. <b>*</b>: variants, trained "
    "only for this table: two with more hidden units (Mnih et al., 2014), conv with anti-aliased pooling (Zhang, ICML "
    "2019), and conv trained on moved digits (Biscione and Bowers, JMLR 22:229).</p>"
    "<p>Means flatter. <b>all 49</b>: the images that are right at every one of the 49 places within 3 px. "
    "<b>changed</b>: of the moves by 1 px, from one of these places to the next, those that change the answer. "
    "<b>MNIST-C</b>: right where a published test, its “translate”, has them: 3 px to a side, and 3 up or down.</p>"
)
HARDER = ["all 49", "changed", "MNIST-C"]
HEAD = ["remedy", "parameters", "training", "0 px", "2 px", "4 px", "6 px", "up to 4 px", *HARDER]


def show(shown: ShiftedDigit) -> None:
    """The table of all remedies that have been measured, and of variants. Raises NetworkError."""
    rows = [line for each, found in shown.measured for line in (row(each, found, shown), *variants(each, shown.study))]
    st.html(TEXT + table(HEAD, rows, "verdict") + NOTE + ours())
    offer_to_measure(shown)


def row(each: PlaceMap, found: Measurement, shown: ShiftedDigit) -> list[str]:
    """What a remedy costs and buys: by several seeds, or by itself where it is a network of one's own."""
    report, known = each.network.report, shown.studied(each)
    cells = studied(known) if known else own(found, shown.places(each))
    return [html.escape(each.title), f"{report.parameters:,}", f"{report.seconds:.0f} s", *cells]


def variants(of: PlaceMap, known: Study) -> list[list[str]]:
    """The rows of the variants of a shipped remedy."""
    named = [(each.name, known[each.name]) for each in VARIANTS.get(of.remedy.title, ()) if each.name in known]
    return [[f"{name}*", f"{found.parameters:,}", "", *studied(found)] for name, found in named]


def ours() -> str:
    """How many of the class's own digits each shipped remedy reads, where this browser may see any: HTML."""
    found = {each.network: each for each in counted()}
    rows = []
    for remedy in REMEDIES if found else ():
        of = found[remedy.network]
        right = of.centred if remedy.centred else of.raw
        rows.append([remedy.title, share(int(right.sum()), len(right))])
    return table(["", "our class’s digits, as drawn"], rows, "shares") if rows else ""


def own(found: Measurement, places: Places | None) -> list[str]:
    """The cells of a network that is not of the study."""
    cells = [right(float(value)) for value in (*found.shifts.by_shift[list(SHIFTS)], found.shifts.nearby)]
    if not places:
        return cells + ["–"] * len(HARDER)
    return [*cells, right(places.everywhere), changed(places.changed), right(places.mnist_c)]


def studied(row: Row) -> list[str]:
    """The cells of a condition: means, and below them the standard deviations."""
    cells = [right(each.mean, deviation(each)) for each in row.shown]
    at = HEAD.index("changed") - 3
    return [*cells[:at], changed(row.shown[at].mean, deviation(row.shown[at])), *cells[at + 1 :]]


def right(fraction: float, after: str = "") -> str:
    """A cell with the fraction of images that are right in %, the darker the more are wrong."""
    return shaded(1 - fraction, fraction, after=after)


def changed(fraction: float, after: str = "") -> str:
    """A cell with the fraction of moves that change the answer in %, the darker the more do."""
    return shaded(fraction, fraction, after=after)


def deviation(of: Spread) -> str:
    """A standard deviation in %, where there is one."""
    return "" if of.seeds == 1 else f"<small>±{100 * of.deviation:.1f}</small>"
