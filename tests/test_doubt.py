"""robust says when it is not sure, and when ink does not look like a digit."""

import numpy as np
import pytest

from mnist_model.images import dataset, drawing
from mnist_model.networks import classifier, doubt
from tests import nondigits

CONFIDENT = 0.9


def probabilities(**by_digit: float) -> np.ndarray:
    """Ten probabilities: those given as d7=0.6, the rest shared evenly."""
    rest = (1 - sum(by_digit.values())) / (10 - len(by_digit))
    return np.array([by_digit.get(f"d{digit}", rest) for digit in range(10)], np.float32)


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (probabilities(d7=0.95), "robust says 7, 95.0 %"),
        (probabilities(d7=0.99, d1=0.01), "robust says 7, 99.0 %"),
        (probabilities(d7=0.52, d1=0.47), "robust is not sure: 7 or 1?"),
        (probabilities(), "robust: this does not look like a digit"),
        (probabilities(d4=0.4, d9=0.15), "robust: this does not look like a digit"),
    ],
)
def test_the_line_beside_another_network(said, line):
    assert doubt.remark("dense", probabilities(d7=0.5), "robust", said).startswith(line)


def test_two_close_answers_are_both_named():
    close = np.zeros(10, np.float32)
    close[[1, 7]] = 0.48, 0.52
    assert doubt.remark("dense", close, "robust", close) == "robust is not sure: 7 or 1?"


def test_where_robust_is_chosen_its_own_doubt_comes_first():
    sure, lost = probabilities(d3=0.97), probabilities()
    assert doubt.remark("robust", lost, "dense", sure) == "robust: this does not look like a digit"
    assert doubt.remark("robust", sure, "dense", lost) == "dense says 0, 10.0 %"


def test_at_most_two_in_a_hundred_digits_are_refused():
    mnist = dataset.load()
    said = classifier.load("robust").probabilities(dataset.scale(mnist.test_images))
    assert doubt.is_no_digit(said).mean() <= 0.02
    unsure = doubt.is_unsure(said)
    wrong = said.argmax(1) != mnist.test_labels
    assert unsure.mean() < 0.02 and wrong[unsure].mean() > 20 * wrong.mean(), "it doubts where it is wrong"


@pytest.mark.parametrize("centred", [False, True], ids=["raw", "centred"])
@pytest.mark.parametrize("kind", ["letters", "faces", "shuffled strokes", "hatching", "filled canvas"])
def test_ink_that_is_no_digit_is_refused_more_often_than_taken_for_one(kind, centred):
    canvases = nondigits.drawings(kind, 60)
    said = classifier.load("robust").probabilities(np.stack([drawing.to_input(each, centred) for each in canvases]))
    assert doubt.is_no_digit(said).mean() > (said.max(1) >= CONFIDENT).mean()
