"""The challenge as a picture: a mark for each network, which can be picked (frontend/pick.js), and the best line.

Along the width parameters, by their logarithm; upwards accuracy, by the logarithm of what is missing to 100 %: to halve
the mistakes is a step of the same height wherever one stands.
"""

import html
import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from mnist_model.networks.challenge import VIEWS, Contender, View
from mnist_model.networks.counting import counted
from mnist_model.render.colours import GREY, LINE_COLOURS
from mnist_model.render.words import share

Kind = Literal["others", "mine", "shipped"]
KINDS: dict[Kind, tuple[str, str]] = {  # what is said of them, and their colour; assets/style.css has their shapes
    "shipped": ("came with Nudge", GREY),
    "mine": ("yours", LINE_COLOURS[1]),
    "others": ("others’", LINE_COLOURS[0]),
}
ACCURACIES = (0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995)  # from one to the next the mistakes are about halved
TOP = 0.998  # where the picture ends
MARGIN = 1.5  # times the most parameters, and of the fewest, is its width
MOST_LABELS = 5
MOST_MISSING = 12


class Mark(NamedTuple):
    """One network: the value that picks it, what it is called, whose it is, and where it stands."""

    pick: str
    name: str
    kind: Kind
    parameters: int
    accuracy: float
    is_best: bool  # on the best line


def plot(marks: Sequence[Mark], missing: Mapping[str, str], chosen: str) -> str:
    """The picture of marks, fewest parameters first; below it, by what picks them, the names of those without: HTML."""
    if not marks:
        return f'<div class="contest">{_without(missing, chosen)}</div>'
    few, many = marks[0].parameters / MARGIN, marks[-1].parameters * MARGIN
    places = [(_across(mark.parameters, few, many), _up(mark.accuracy)) for mark in marks]
    line = _line([place for mark, place in zip(marks, places, strict=True) if mark.is_best])
    at = next((i for i, mark in enumerate(marks) if mark.pick == chosen), 0)
    dots = [
        # Of marks over one another, another is on top whenever one of them is picked.
        _dot(mark, place, (i - at) % len(marks), mark.pick == chosen)
        for i, (mark, place) in enumerate(zip(marks, places, strict=True))
    ]
    parameters = [f'<span class="x" style="left:{_across(n, few, many):.1f}%">{n:,}</span>' for n in _round(few, many)]
    accuracies = [f'<span class="y" style="bottom:{_up(each):.1f}%">{100 * each:g} %</span>' for each in ACCURACIES]
    named = f'role="group" aria-label="{counted(len(marks), "network")} by parameters and accuracy"'
    return (
        f'<div class="contest"><div class="plot" {named}>{"".join(accuracies)}{"".join(parameters)}{line}'
        f'{"".join(dots)}</div><p class="axis">parameters</p>{_key(marks)}{_without(missing, chosen)}</div>'
    )


def _across(parameters: float, few: float, many: float) -> float:
    """How far to the right, in % of the width."""
    return 100 * math.log(parameters / few) / math.log(many / few)


def _up(accuracy: float) -> float:
    """How far up, in % of the height."""
    return 100 * math.log(1 - min(accuracy, TOP)) / math.log(1 - TOP)


def _round(few: float, many: float) -> list[int]:
    """Round numbers between two: 1, 2 and 5 of each power of ten, or its powers only where these are too many."""
    powers = [10**power for power in range(math.floor(math.log10(few)), math.ceil(math.log10(many)))]
    numbers = [step * power for power in powers for step in (1, 2, 5) if few < step * power < many]
    return numbers if len(numbers) <= MOST_LABELS else [number for number in numbers if number in powers]


def _line(places: Sequence[tuple[float, float]]) -> str:
    """The best line: as much is reached with so many parameters."""
    (first, _), *_ = places
    steps = "".join(f"H{x:.1f}V{100 - y:.1f}" for x, y in places)
    path = f'<path d="M{first:.1f} 100{steps}H100"></path>'
    return f'<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">{path}</svg>'


def _dot(mark: Mark, place: tuple[float, float], layer: int, is_chosen: bool) -> str:
    name = html.escape(mark.name)
    said = f"{name}, {KINDS[mark.kind][0]}: {counted(mark.parameters, 'parameter')}, {share(mark.accuracy)}"
    said += ", on the best line" * mark.is_best
    style = f"left:{place[0]:.1f}%;bottom:{place[1]:.1f}%;z-index:{layer}"
    return (
        f'<button data-pick="{html.escape(mark.pick)}" class="{mark.kind}" style="{style}" title="{said}" '
        f'aria-label="{said}" aria-pressed="{str(is_chosen).lower()}">{_shape(mark.kind)}'
        f"{f'<span>{name}</span>' if mark.kind == 'shipped' else ''}</button>"
    )


def _shape(kind: Kind) -> str:
    return f'<i class="{kind}" style="--paint:{KINDS[kind][1]}"></i>'


def _key(marks: Sequence[Mark]) -> str:
    """What the marks mean."""
    kinds = {mark.kind for mark in marks}
    shown = "".join(f"<span>{_shape(kind)} {said}</span>" for kind, (said, _) in KINDS.items() if kind in kinds)
    return f'<p class="legend">{shown}<span><i class="line"></i> the best line</span></p>'


def _without(missing: Mapping[str, str], chosen: str) -> str:
    """Those without a place in the picture, to be picked all the same."""
    if not missing:
        return ""
    buttons = [
        f'<button data-pick="{html.escape(pick)}" aria-pressed="{str(pick == chosen).lower()}">'
        f"{html.escape(name)}</button>"
        for pick, name in missing.items()
    ]
    more = f" and {len(buttons) - MOST_MISSING} more" * (len(buttons) > MOST_MISSING)
    shown = "".join(buttons[:MOST_MISSING])
    return f"<p>Not measured there yet, so without a place here; select one to measure it: {shown}{more}</p>"


def entry(found: Contender, name: str, kind: Kind, layers: str, trained: str) -> str:
    """A network's line: its stack, parameters and accuracies, and how it was trained, with its seed: HTML."""
    rows = {"layers": f"<code>{layers.replace(',', ',<wbr>')}</code>", "parameters": f"{found.parameters:,}"}
    rows |= {f"right {view}": _share(found.right.get(view)) for view in VIEWS}
    rows["trained"] = html.escape(trained)
    cells = "".join(f"<dt>{term}</dt><dd>{said}</dd>" for term, said in rows.items())
    return f'<div class="entry"><h4>{_shape(kind)} {html.escape(name)}, {KINDS[kind][0]}</h4><dl>{cells}</dl></div>'


def news(found: Contender, view: View) -> str:
    """That no other beats a network: HTML."""
    said = f"{counted(found.parameters, 'parameter')}, {share(found.right[view])} right {view}"
    return f'<div class="remark"><span>New on the best line: {said}.</span></div>'


def _share(accuracy: float | None) -> str:
    said = "not measured yet" if accuracy is None else share(accuracy)
    return f'<span class="label"><b>{said}</b></span>'
