"""Tables and galleries, as HTML; cells that carry data-pick can be picked (frontend/pick.js)."""

import html
from collections.abc import Sequence

import numpy as np

from mnist_model.networks.report import Report
from mnist_model.networks.uncertainty import wilson
from mnist_model.percent import figure, percent
from mnist_model.render.pictures import captioned, picture

DIGITS = range(10)


def numbers(image: np.ndarray, divided: bool) -> str:
    """The 28×28 table of an image's numbers: 0–255, or `divided` by 255."""
    levels = np.round(image * 255).astype(int)

    def cell(level: int) -> str:
        text = ("0" if level == 0 else f"{level / 255:.2f}".lstrip("0")) if divided else str(level)
        return f'<td style="--ink:{level / 255:.2f}" class="{"lit" if level > 127 else ""}">{text}</td>'

    rows = ("<tr>" + "".join(map(cell, row)) + "</tr>" for row in levels.tolist())
    kind = ' data-divided="yes"' if divided else ""
    return f'<div class="scroll" tabindex="0"><table class="numbers"{kind}>{"".join(rows)}</table></div>'


def gallery(images: np.ndarray, captions: Sequence[str], picks: Sequence[str], chosen: str = "") -> str:
    """Small pictures with captions under them, each a button that picks its value."""
    cells = (
        f'<button data-pick="{pick}" aria-pressed="{str(pick == chosen).lower()}">'
        f'{picture(image, f"image {pick}")}<span class="caption"><span>{caption}</span></span></button>'
        for image, caption, pick in zip(images, captions, picks, strict=True)
    )
    return f'<div class="gallery">{"".join(cells)}</div>'


def share(right: int, total: int) -> str:
    """A share in %, and between what the true one is likely to be, as so few say no more: HTML."""
    low, high = wilson(right, total)
    return f"{percent(right / total)} <small>({percent(low, 0)} to {percent(high, 0)})</small>"


def pictures(images: Sequence[np.ndarray], captions: Sequence[str], width: int = 84) -> str:
    """Pictures of so many CSS pixels, one beside the other, with captions under them."""
    cells = (
        captioned(picture(image, caption, width), caption) for image, caption in zip(images, captions, strict=True)
    )
    return f'<div class="ours">{"".join(cells)}</div>'


def confusion(matrix: np.ndarray, chosen: str = "") -> str:
    """The confusion matrix (10, 10), rows the true digit, as a table of buttons that pick "true,predicted"."""
    most = np.max(matrix - np.diag(np.diag(matrix)), initial=1)

    def cell(true: int, predicted: int) -> str:
        """A count as a button, the redder the more."""
        count = int(matrix[true, predicted])
        kind = "right" if true == predicted else "wrong"
        pick = f"{true},{predicted}"
        label = f"{count} images of a {true} read as {predicted}"
        return (
            f'<td class="{kind}" style="--part:{min(1, count / most):.2f}"><button data-pick="{pick}" '
            f'aria-label="{label}" aria-pressed="{str(pick == chosen).lower()}">{count}</button></td>'
        )

    head = "".join(f"<th>{digit}</th>" for digit in DIGITS)
    rows = "".join(
        f"<tr><th>{true}</th>{''.join(cell(true, predicted) for predicted in DIGITS)}</tr>" for true in DIGITS
    )
    return (
        '<div class="scroll"><table class="confusion"><tr><th></th><th colspan="10">the network says</th></tr>'
        f"<tr><th>digit</th>{head}</tr>{rows}</table></div>"
    )


def table(head: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "plain") -> str:
    """A table with a head and a name in each row's first cell; cells are HTML."""
    heads = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(f"<tr><th>{name}</th>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for name, *row in rows)
    return f'<div class="scroll" tabindex="0"><table class="{kind}"><tr>{heads}</tr>{body}</table></div>'


def shaded(strength: float, fraction: float, decimals: int = 1, after: str = "") -> str:
    """A fraction in %, and HTML after it, as a table cell's content with a background as strong as `strength` 0–1."""
    return f'<div class="shaded" style="--part:{strength:.2f}">{html.escape(figure(fraction, decimals))}{after}</div>'


def run_row(pick: str, name: str, recipe: str, report: Report, colour: str, selected: bool) -> list[str]:
    """A run's cells: a button with its colour and name, its recipe, its figures in %."""
    button = (
        f'<button data-pick="{pick}" aria-pressed="{str(selected).lower()}"><i style="background:{colour}"></i>'
        f"{html.escape(name)}</button>"
    )
    found = report.evaluation
    fractions: list[float | None] = [None] * 4
    if found:
        fractions = [found.train_accuracy, found.test_accuracy]
        fractions += [found.accuracy_at_px.get(shift) for shift in ("2", "4")]
    shares = ["–" if fraction is None else html.escape(figure(fraction)) for fraction in fractions]
    return [button, html.escape(recipe), f"{report.parameters:,}", f"{report.seconds:.1f}", *shares]


def difference_row(name: str, before: float | None, after: float, chance: float = 0) -> list[str]:
    """Two fractions in %, and how many points the second is above the first, as they are shown; or none, by chance."""
    name = html.escape(name)
    if before is None:
        return [name, "–", percent(after), "–"]
    difference = round(100 * after, 1) - round(100 * before, 1)
    said = "none beyond chance" if abs(after - before) < chance else f"{difference:+.1f} points"
    return [name, percent(before), percent(after), said]
