"""Shuffled pixels, the mirror image of the lesson: a dense network does not care where a pixel is."""

import streamlit as st

from mnist_model.images.dataset import shuffle_pixels
from mnist_model.networks.study import Row, chance
from mnist_model.pages.shift.shifted_digit import PlaceMap, ShiftedDigit
from mnist_model.render.pictures import captioned, picture
from mnist_model.render.tables import difference_row, table

TEXT = (
    '<h3 class="title">Shuffled pixels</h3><p>Put all 784 pixels in another order, the same for every image, and train '
    "again. To you the digits are gone. The dense network does as well as ever, because to it no pixel is beside "
    "any other; the convolutional ones lose their edge, because their small patterns are torn apart. What "
    "a convolution knows and a dense layer does not is which pixels are neighbours.</p>"
)
NOTE = (
    "<p>Accuracy on the 10,000 test images, each network trained by its own recipe. A difference that two seeds of the "
    "same network may have is none. "
    "Remade by <code>python -m mnist_model shuffle NAME</code>.</p>"
)
HEAD = ["network", "in order", "shuffled", "difference"]


def show(shown: ShiftedDigit) -> None:
    """The digit with its pixels shuffled, and what shuffling costs each network. Raises NetworkError."""
    pictures = captioned(picture(shown.moved, "the digit"), "the digit")
    shuffled = picture(shuffle_pixels(shown.moved), "the digit with its pixels shuffled")
    pictures += captioned(shuffled, "the same, shuffled")
    rows = [row(each, shown.studied(each)) for each in shown.maps if each.is_shuffled]
    st.html(f'{TEXT}<div class="pair">{pictures}</div>' + table(HEAD, rows, "verdict") + NOTE)


def row(each: PlaceMap, known: Row | None) -> list[str]:
    """A network's accuracy in order, shuffled, and their difference, if it is one. Raises NetworkError."""
    report = each.network.report
    before = report.evaluation.test_accuracy if report.evaluation else None
    by_chance = chance(known.by_shift[0]) if known else 0
    return difference_row(each.title, before, each.network.folder.shuffled_accuracy(), by_chance)
