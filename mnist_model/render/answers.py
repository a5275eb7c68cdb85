"""What a network says, as HTML: the answer in large type, ten bars, small columns. frontend/show.js does the same."""

import html

import numpy as np

from mnist_model.percent import probability
from mnist_model.render.colours import DIGIT_COLOURS


def answer(probabilities: np.ndarray, note: str, label: int | None = None, changed: bool = False) -> str:
    """The most probable digit in large type, whether it is the label's, its probability, and a note beside them."""
    digit = int(probabilities.argmax())
    said = f'<b>{html.escape(probability(probabilities[digit]))}</b><br><span class="note">{html.escape(note)}</span>'
    kind = classes("answer", digit, label, changed)
    return f'<div class="{kind}"><span class="digit">{digit}</span><span class="beside">{said}</span></div>'


def classes(kind: str, digit: int, label: int | None, changed: bool) -> str:
    """The CSS classes of an answer: right or wrong where the label is known, and whether it was another one before."""
    judged = "" if label is None else " right" if digit == label else " wrong"
    return kind + judged + (" changed" if changed else "")


def remark(text: str, who: str) -> str:
    """A line under an answer, and what the network is that it comes from."""
    return f'<div class="remark"><span>{html.escape(text)}</span></div><div class="who">{html.escape(who)}</div>'


def labelled(label: int | None) -> str:
    """A label behind the name of what has it; nothing where none is known."""
    return "" if label is None else f': <span class="label"><span>{label}</span></span>'


def short(probabilities: np.ndarray) -> str:
    """The most probable digit with its probability: "4, 98 %"."""
    return f"{probabilities.argmax()}, {probability(probabilities.max(), 0)}"


def bars(probabilities: np.ndarray) -> str:
    """Ten probability bars; the longest stands out."""
    best = int(probabilities.argmax())
    rows = "".join(
        f'<div class="bar{" best" if digit == best else ""}"><span>{digit}</span>'
        f'<span class="track"><span style="width:{100 * p:.1f}%"></span></span>'
        f"<span>{html.escape(probability(p))}</span></div>"
        for digit, p in enumerate(probabilities.tolist())
    )
    return f'<div class="bars">{rows}</div>'


def columns(probabilities: np.ndarray) -> str:
    """Ten small columns, one a digit in its colour, as high as its probability: HTML."""
    each = (f'<i style="--p:{p:.3f};background:{c}"></i>' for p, c in zip(probabilities, DIGIT_COLOURS, strict=True))
    return f'<span class="columns">{"".join(each)}</span>'
