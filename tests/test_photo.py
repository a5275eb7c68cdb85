"""Photos and pictures of a digit become what the canvas would have returned."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter
from streamlit.testing.v1 import AppTest

from mnist_model.images import dataset, drawing, photo
from mnist_model.images.errors import NotAPicture
from mnist_model.networks import classifier
from mnist_model.render import png
from tests import photos
from tests.bench import photos as bench

SEVEN = [(0.30, 0.27), (0.68, 0.27), (0.64, 0.39), (0.54, 0.57), (0.45, 0.80)]


def photographed(width=800, height=800, ink=40, paper=230, pen=0.03, light=(1.0, 1.0), noise=6) -> Image.Image:
    """A 7 on paper, `pen` of the picture's width thick; the light falls from left to right; sensor noise."""
    drawn = Image.new("L", (width, height))
    ImageDraw.Draw(drawn).line(
        [(x * width, y * height) for x, y in SEVEN], fill=255, width=int(pen * width), joint="curve"
    )
    amount = np.asarray(drawn.filter(ImageFilter.GaussianBlur(1.5)), float) / 255
    lightness = (paper * (1 - amount) + ink * amount) * np.linspace(*light, width)
    lightness += np.random.default_rng(0).normal(0, noise, lightness.shape)
    return Image.fromarray(np.clip(lightness, 0, 255).astype(np.uint8))


def file(picture: Image.Image, kind: str = "PNG", **options) -> io.BytesIO:
    content = io.BytesIO()
    picture.save(content, kind, **options)
    content.seek(0)
    return content


PHOTOS = {
    "dark on light": photographed(),
    "light on dark": photographed(ink=230, paper=40),
    "uneven light": photographed(light=(1.0, 0.35)),
    "chalk in uneven light": photographed(ink=240, paper=80, light=(1.0, 0.5)),
    "pencil": photographed(ink=170, paper=220, pen=0.02),
    "a thick marker": photographed(pen=0.13),
    "noise": photographed(400, 400, pen=0.05, noise=25),
    "upright format": photographed(600, 1000),
    "a wide one": photographed(1400, 900),
}


@pytest.mark.parametrize("picture", PHOTOS.values(), ids=PHOTOS)
def test_a_photographed_seven_is_read(picture):
    (found,) = photo.digits(picture)
    assert found.rgba.shape == (280, 280, 4) and found.rgba.dtype == np.uint8
    said = classifier.load("robust").probabilities(drawing.to_input(found.rgba))[0]
    assert said.argmax() == 7 and said[7] > 0.8


@pytest.mark.parametrize("kind", ["dark on light", "uneven light", "pencil", "noise"])
def test_the_ink_lies_where_it_was_drawn_and_nowhere_else(kind):
    (found,) = photo.digits(PHOTOS[kind])
    assert found.box == pytest.approx((0.30, 0.27, 0.68, 0.80), abs=0.03)


def test_a_digit_is_centred_as_mnist_was():
    image = drawing.to_input(photo.digits(photographed(1400, 900))[0].rgba)
    inked = image > 0.2
    assert 19 <= max(np.ptp(np.flatnonzero(inked.any(axis))) + 1 for axis in (0, 1)) <= 22
    assert np.abs(drawing.off_centre(image)).max() < 0.1


def test_what_the_app_lets_one_download_is_read_as_it_was():
    images = dataset.scale(dataset.load().test_images[:30])
    network = classifier.load("robust")
    back = [photo.digits(photo.read(io.BytesIO(png.png(image)))) for image in images]
    assert all(len(found) == 1 for found in back)
    said = network.probabilities(np.stack([drawing.to_input(found[0].rgba) for found in back])).argmax(1)
    assert (said == network.probabilities(images).argmax(1)).mean() >= 0.96


@pytest.mark.parametrize("name", [name for name in photos.KINDS if "cloth" not in name])  # that one is missed
def test_each_kind_of_photo_is_read(name):
    rng, network = np.random.default_rng(3), classifier.load("robust")
    for shot in [photos.photo(photos.KINDS[name], rng) for _ in "12"]:
        assert bench.read(shot, network) == shot.labels


def test_several_digits_are_found_line_by_line_from_left_to_right():
    page = Image.new("L", (800, 800), 230)
    places = [(450, 100), (100, 130), (300, 500), (550, 480), (60, 520)]
    for x, y in places:
        page.paste(photographed(200, 200, pen=0.06, noise=0), (x, y))
    found = photo.digits(page)
    assert [round(800 * digit.box[0]) // 50 for digit in found] == [3, 10, 2, 7, 12]


def test_a_line_that_slants_is_read_from_left_to_right():
    page = Image.new("L", (800, 800), 230)
    places = [(40, 120), (220, 180), (400, 240), (580, 300), (60, 420)]
    for x, y in places:
        page.paste(photographed(170, 170, pen=0.06, noise=0), (x, y))
    found = photo.digits(page)
    assert [round(800 * digit.box[0]) // 90 for digit in found] == [1, 3, 5, 7, 1]


def page_of(*strokes: list[tuple[int, int]]) -> Image.Image:
    """Strokes of a pen 12 pixels wide on a page of 400 by 400, as a camera sees it."""
    page = Image.new("L", (400, 400), 230)
    for stroke in strokes:
        ImageDraw.Draw(page).line(stroke, fill=40, width=12, joint="curve")
    return page.filter(ImageFilter.GaussianBlur(1))


def test_strokes_that_nearly_meet_are_one_digit_and_digits_side_by_side_are_two():
    left, right = [(170, 60), (70, 200), (176, 200)], [(190, 80), (190, 300)]
    (four,) = photo.digits(page_of(left, right))
    assert classifier.load("robust").probabilities(drawing.to_input(four.rgba))[0].argmax() == 4
    assert len(photo.digits(page_of(left, [(x + 30, y) for x, y in right]))) == 2


def test_a_flat_bar_belongs_to_the_digit_below_it_and_is_none_alone():
    bar, body = [(140, 80), (250, 80)], [(150, 125), (150, 180), (230, 200), (220, 270), (140, 280)]
    (five,) = photo.digits(page_of(bar, body))
    assert five.box == pytest.approx((0.35, 0.185, 0.625, 0.715), abs=0.03)
    assert photo.digits(page_of(bar)) == []


def test_the_lit_half_of_a_page_is_no_sheet_on_a_table():
    page = np.asarray(page_of([(170, 120), (170, 290)]), np.float32)
    shaded = Image.fromarray((page * np.where(np.arange(400) < 230, 0.6, 1)).astype(np.uint8))
    assert [digit.box for digit in photo.digits(shaded)] == [pytest.approx((0.41, 0.3, 0.44, 0.725), abs=0.03)]


def test_of_squares_at_a_slope_nothing_is_left():
    y, x = np.mgrid[:600, :600]
    lines = np.where(np.minimum((y + 0.065 * x) % 25, (x - 0.065 * y) % 25) < 2, 150, 225).astype(np.uint8)
    page = Image.fromarray(lines).filter(ImageFilter.GaussianBlur(0.7))
    page.paste(page_of([(200, 120), (190, 290)]).crop((185, 110, 215, 300)), (285, 210))
    assert [digit.box for digit in photo.digits(page)] == [pytest.approx((0.47, 0.36, 0.52, 0.66), abs=0.03)]


def test_a_line_much_thinner_than_the_pen_is_no_part_of_a_digit():
    page = photographed(pen=0.06)
    ImageDraw.Draw(page).line([(500, 600), (780, 760)], fill=60, width=2)
    (found,), (alone,) = photo.digits(page), photo.digits(photographed(pen=0.06))
    assert found.box == pytest.approx(alone.box, abs=0.01)


def test_within_a_frame_only_its_digits_are_read_at_the_places_where_they_are():
    page = Image.new("L", (900, 600), 230)
    for x in (100, 600):
        page.paste(photographed(200, 200, pen=0.06, noise=0), (x, 300))
    both, (right,) = photo.digits(page), photo.digits(page, (0.55, 0.3, 1.0, 1.0))
    assert right.box == pytest.approx(both[1].box, abs=0.01)
    assert both[1].box == pytest.approx((660 / 900, 354 / 600, 736 / 900, 460 / 600), abs=0.02)
    left, top, low_right, bottom = photo.frame_round(both)
    assert left < both[0].box[0] and top < both[0].box[1] and low_right > both[1].box[2] and bottom > both[1].box[3]
    assert photo.frame_round([]) == photo.WHOLE


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "abcd",
        7,
        [0, 0, 1],
        [0, 0, 1, "x"],
        [0, 0, 1, None],
        [0, 0, 1, float("nan")],
        [0.5, 0, 0.5, 1],
        [0.6, 0, 0.4, 1],
        [-0.1, 0, 1, 1],
        [0, 0, 1, 1.1],
        [0, 0, float("inf"), 1],
        [[0], [0], [1], [1]],
        {"a": 1},
    ],
    ids=str,
)
def test_what_is_no_frame_is_refused(sent):
    with pytest.raises(NotAPicture, match="frame"):
        photo.to_frame(sent)


def test_a_phone_held_sideways_gives_an_upright_digit():
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned clockwise
    turned = file(PHOTOS["upright format"].transpose(Image.Transpose.ROTATE_90), "JPEG", exif=exif)
    upright = photo.digits(photo.read(file(PHOTOS["upright format"], "JPEG")))[0]
    assert photo.digits(photo.read(turned))[0].box == pytest.approx(upright.box, abs=0.01)


def test_what_is_transparent_is_paper():
    clear = Image.new("RGBA", (200, 200), (0, 0, 0, 0))
    ImageDraw.Draw(clear).line([(100, 40), (100, 160)], fill="black", width=16)
    (found,) = photo.digits(photo.read(file(clear)))
    assert found.box == pytest.approx((0.46, 0.2, 0.54, 0.8), abs=0.04)


@pytest.mark.parametrize(
    "picture",
    [
        photographed(pen=0.0001, ink=230, noise=8),
        Image.new("RGB", (300, 300), "white"),
        Image.new("L", (300, 300), 0),
        Image.linear_gradient("L"),
        Image.new("L", (1, 1), 90),
    ],
    ids=["noise", "white", "black", "gradient", "one pixel"],
)
def test_where_there_is_no_ink_nothing_is_found(picture):
    assert photo.digits(picture) == []


def damaged(kind: str) -> io.BytesIO:
    content = file(photographed(), kind).getvalue()
    return io.BytesIO(content[: len(content) // 2])


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (io.BytesIO(b"hello"), "not a picture that can be read"),
        (io.BytesIO(), "not a picture that can be read"),
        (damaged("PNG"), "damaged"),
        (damaged("JPEG"), "damaged"),
        (file(Image.new("1", (4000, 3001))), "more than 12 million pixels"),
        (file(Image.new("1", (20_000, 20_000))), "more than 12 million pixels"),
        (file(Image.new("L", (5, 251))), "more than 50 times as long as it is wide"),
        (file(Image.new("L", (9, 9)), "GIF"), "not a picture that can be read: PNG and JPEG are"),
    ],
    ids=["text", "nothing", "half a PNG", "half a JPEG", "large", "bomb", "a strip", "another format"],
)
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_file_that_cannot_be_read_gets_one_sentence(content, sentence):
    with pytest.raises(NotAPicture, match=sentence):
        photo.read(content)


@pytest.mark.parametrize("mode", ["L", "RGB", "CMYK", "P", "RGBA", "LA"])
@pytest.mark.parametrize("side", [300, 2400])
def test_a_seven_is_read_in_every_mode_and_size(mode, side):
    seven = photographed(side, side, noise=0)
    read = photo.read(file(seven.convert(mode), "JPEG" if mode == "CMYK" else "PNG"))
    assert read.mode == "RGB" and max(read.size) <= 840
    said = classifier.load("robust").probabilities(drawing.to_input(photo.digits(read)[0].rgba))[0]
    assert said.argmax() == 7


def test_a_drawing_after_clear_is_no_photo_any_more():
    def page() -> None:
        import numpy as np
        import streamlit as st

        from mnist_model.images.canvas import Drawing
        from mnist_model.pages.shared import drawn

        ink = np.full((280, 280, 4), 255, np.uint8)
        drawn.replace(ink, from_photo=True)
        first = drawn.is_from_photo()
        drawn.rewind(slice(0))
        drawn.keep(Drawing(strokes=[{"type": "path"}], rgba=ink))
        st.markdown(f"{first}, {drawn.is_from_photo()}")

    app = AppTest.from_function(page).run()
    assert not app.exception and app.markdown[0].value == "True, False"
