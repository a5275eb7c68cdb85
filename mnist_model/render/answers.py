"""What a network says, as HTML: the answer in large type, ten bars, small columns. frontend/show.js does the same."""

import html

import numpy as np

from mnist_model.render.colours import DIGIT_COLOURS
from mnist_model.render.percent import percent


def answer(probabilities: np.ndarray, note: str, changed: bool = False) -> str:
    """The most probable digit in large type, its probability, and a note beside them."""
    digit = int(probabilities.argmax())
    state = "answer changed" if changed else "answer"
    said = f'<b>{percent(probabilities[digit])}</b><br><span class="note">{html.escape(note)}</span>'
    return f'<div class="{state}"><span class="digit">{digit}</span><span class="beside">{said}</span></div>'


def remark(text: str, who: str) -> str:
    """A line under an answer, and what the network is that it comes from."""
    return f'<div class="remark">{html.escape(text)}</div><div class="who">{html.escape(who)}</div>'


def bars(probabilities: np.ndarray) -> str:
    """Ten probability bars; the longest stands out."""
    best = int(probabilities.argmax())
    rows = "".join(
        f'<div class="bar{" best" if digit == best else ""}"><span>{digit}</span>'
        f'<span class="track"><span style="width:{100 * p:.1f}%"></span></span>'
        f"<span>{percent(p)}</span></div>"
        for digit, p in enumerate(probabilities.tolist())
    )
    return f'<div class="bars">{rows}</div>'


def columns(probabilities: np.ndarray) -> str:
    """Ten small columns, one a digit in its colour, as high as its probability: HTML."""
    each = (f'<i style="--p:{p:.3f};background:{c}"></i>' for p, c in zip(probabilities, DIGIT_COLOURS, strict=True))
    return f'<span class="columns">{"".join(each)}</span>'
