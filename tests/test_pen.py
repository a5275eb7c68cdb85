"""A drawn digit, drawn again with strokes as wide as MNIST's."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_model.images import dataset, drawing
from mnist_model.networks import classifier
from mnist_model.training import pen
from tests.steps import FOUR


def drawn(width: int, scale: float = 1.0, value: int = 255) -> np.ndarray:
    """A 4, smooth at its edges: (280, 280) in 0–1."""
    large = Image.new("L", (1120, 1120))
    for stroke in FOUR:
        ink, path = ImageDraw.Draw(large), [(4 * scale * x, 4 * scale * y) for x, y in stroke]
        ink.line(path, fill=value, width=4 * width, joint="curve")
    return np.asarray(large.resize((280, 280), Image.Resampling.BOX), np.float32) / 255


def width(images: np.ndarray) -> np.ndarray:
    """The mean width of the strokes of images (n, 28, 28) in pixels: twice their area by the sum of their slopes."""
    slope_y, slope_x = np.gradient(np.pad(images, ((0, 0), (2, 2), (2, 2))), axis=(1, 2))
    return 2 * images.sum((1, 2)) / np.hypot(slope_y, slope_x).sum((1, 2))


def test_every_brush_comes_out_as_wide_as_mnists_pens_on_average():
    expected = width(dataset.scale(dataset.load().train_images[:5000])).mean()
    rewritten = width(np.stack([pen.rewrite(drawn(brush)) for brush in (10, 14, 20, 28)]))
    assert rewritten == pytest.approx(expected, rel=0.12)
    assert np.ptp(rewritten) < 0.15


def test_thin_and_thick_drawings_of_a_digit_become_nearly_the_same_image():
    thin, thick = pen.rewrite(drawn(12)), pen.rewrite(drawn(28))
    plain = [drawing.centre(drawn(brush)) for brush in (12, 28)]
    assert np.abs(thin - thick).mean() < 0.3 * np.abs(plain[0] - plain[1]).mean()


def test_neither_size_nor_place_nor_how_dark_the_ink_is_matters():
    image = pen.rewrite(drawn(20))
    small, faint = pen.rewrite(drawn(10, 0.5)), pen.rewrite(drawn(20, value=120))
    moved = pen.rewrite(np.roll(drawn(20), (31, -47), (0, 1)))
    assert np.abs(small - image).max() < 0.15
    assert np.abs(faint - image).max() < 0.02
    assert np.abs(moved - image).max() < 1e-5


def test_mnists_digits_are_still_read():
    mnist = dataset.load()
    rewritten = np.stack([pen.rewrite(image) for image in dataset.scale(mnist.test_images[:500])])
    right = classifier.load("dense").probabilities(rewritten).argmax(1) == mnist.test_labels[:500]
    assert right.mean() > 0.96


@pytest.mark.parametrize("ink", [np.ones((280, 280)), np.eye(280), np.pad([[1.0]], 139)], ids=["full", "line", "dot"])
def test_odd_drawings_have_an_image_too(ink):
    image = pen.rewrite(ink.astype(np.float32))
    assert np.isfinite(image).all() and image.min() >= 0 and 0.2 < image.max() <= 1
