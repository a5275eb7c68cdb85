"""A drawing becomes 28×28 numbers: plainly shrunk, or centred."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_model.images import dataset, drawing, shifting
from mnist_model.images.errors import BlankDrawing


def canvas(*lines, width=20) -> np.ndarray:
    """White strokes on black, as the canvas returns them."""
    image = Image.new("RGBA", (280, 280), "black")
    for line in lines:
        ImageDraw.Draw(image).line(line, fill="white", width=width, joint="curve")
    return np.asarray(image)


SEVEN = canvas([(90, 80), (180, 80), (130, 200)])


def test_shrinking_averages_blocks_of_ten_by_ten():
    blocks = SEVEN[..., 0].reshape(28, 10, 28, 10).mean((1, 3)) / 255
    assert drawing.to_input(SEVEN) == pytest.approx(blocks, abs=1e-6)


def test_an_input_is_float32_between_0_and_1():
    for centred in (False, True):
        image = drawing.to_input(SEVEN, centred)
        assert image.shape == (28, 28) and image.dtype == np.float32
        assert image.min() == 0 and 0.9 < image.max() <= 1.000001


def test_a_hairline_does_not_vanish():
    thin = drawing.to_input(canvas([(33, 20), (33, 250)], width=1))
    assert (thin[3:24].max(1) > 0.05).all()


@pytest.mark.parametrize("rgba", [canvas(), np.zeros((280, 280, 4), np.uint8)], ids=["black", "transparent"])
def test_without_ink_there_is_no_input(rgba):
    with pytest.raises(BlankDrawing):
        drawing.to_input(rgba)


def test_transparent_white_is_paper():
    rgba = np.full((280, 280, 4), 255, np.uint8)
    rgba[..., 3] = 0
    with pytest.raises(BlankDrawing):
        drawing.to_input(rgba)


@pytest.mark.parametrize("offset", [(-80, 0), (0, 70), (33, -47), (-61, 59)])
def test_centring_does_not_care_where_the_digit_was_drawn(offset):
    moved = np.roll(SEVEN, offset[::-1], (0, 1))
    assert drawing.to_input(moved, centred=True) == pytest.approx(drawing.to_input(SEVEN, centred=True), abs=1e-6)


def test_centring_does_not_care_how_large_it_was_drawn():
    small = np.asarray(Image.fromarray(SEVEN).resize((140, 140), Image.Resampling.BOX))
    small = np.pad(small, ((0, 140), (140, 0), (0, 0)))
    difference = np.abs(drawing.to_input(small, centred=True) - drawing.to_input(SEVEN, centred=True))
    assert difference.mean() < 0.01


def test_a_centred_digit_fits_20_by_20_with_its_mass_in_the_middle():
    image = drawing.to_input(canvas([(10, 10), (60, 30), (20, 110)], width=8), centred=True)
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    assert max(np.ptp(rows), np.ptp(columns)) + 1 == 20
    assert drawing.off_centre(image) == pytest.approx((0, 0), abs=0.5), "placed by whole pixels"


def test_every_halving_of_a_pixel_is_rounded_alike_whatever_the_numbers_errors():
    for length, width in ((240, 24), (200, 60), (160, 32)):  # the centre of mass lies just between two pixels
        bar = np.zeros((280, 280), np.float32)
        bar[20 : 20 + length, 40 : 40 + width] = 1
        columns = [np.flatnonzero(drawing.centre(bar * np.float32(ink)).any(0))[0] for ink in (1, 0.1, 1 / 3, 0.7)]
        assert len(set(columns)) == 1


def test_centring_leaves_mnist_as_it_is():
    images = dataset.scale(dataset.load().test_images)
    unchanged = np.abs(drawing.centre(images) - images).max((1, 2)) < 1e-5
    assert unchanged.mean() > 0.999


def test_centring_undoes_any_shift_that_keeps_the_ink_inside():
    image = dataset.scale(dataset.load().test_images[0])
    rows, columns = np.flatnonzero(image.any(1)), np.flatnonzero(image.any(0))
    for dy in (-rows[0], 27 - rows[-1]):
        for dx in (-columns[0], 27 - columns[-1]):
            assert drawing.centre(shifting.shift(image, dx, dy)) == pytest.approx(drawing.centre(image), abs=1e-6)


def test_no_ink_is_lost_by_centring_a_lopsided_drawing():
    lopsided = np.zeros((28, 28), np.float32)
    lopsided[2:8, 2:8] = 1
    lopsided[25, 25] = 1
    unit = 24 / 20  # its box is 24 pixels long and is scaled to 20
    assert drawing.centre(lopsided).sum() * unit**2 == pytest.approx(lopsided.sum(), rel=1e-5)


@pytest.mark.parametrize("image", [np.zeros((28, 28)), np.zeros((3, 28, 28))])
def test_centring_a_blank_image_gives_a_blank_image(image):
    assert drawing.centre(image).shape == image.shape and not drawing.centre(image).any()


def test_one_dot_and_a_filled_canvas_have_an_input_too():
    dot = canvas([(140, 140), (141, 141)], width=4)
    full = np.full((280, 280, 4), 255, np.uint8)
    for rgba in (dot, full):
        for centred in (False, True):
            assert np.isfinite(drawing.to_input(rgba, centred)).all()
