"""Pictures that are not what they say: each is one sentence or a picture, takes little memory, and starts nothing."""

import base64
import io
import json
import pickle
import random
import struct
import subprocess
import sys
import zlib

import pytest
from PIL import Image, PngImagePlugin

from mnist_model.images import canvas, photo, picture_file
from mnist_model.images.errors import NotADrawing, NotAPicture
from tests.conftest import ROOT
from tests.test_photo import photographed

LITTLE = 150  # MB more than before
KINDS = ["PNG", "JPEG", "AVIF", "BLP", "DDS", "GIF", "TIFF", "WEBP", "ICO", "TGA", "JPEG2000", "PPM"]
EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 280 280\n%%EndComments\n(%pipe%touch pwned) (w) file\n"


def saved(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    content = io.BytesIO()
    picture.save(content, kind, **options)
    return content.getvalue()


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png_of(width: int, height: int, depth: int = 8, colour: int = 6) -> bytes:
    """A PNG of zeros, whatever its size: a few kilobytes."""
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}[colour]
    packer, row = zlib.compressobj(9), bytes(1 + (width * channels * depth + 7) // 8)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def texts() -> bytes:
    """A PNG whose captions unpack to a thousand times its size."""
    info = PngImagePlugin.PngInfo()
    for _ in range(80):
        info.add_text("caption", "0" * 1_000_000, zip=True)
    return saved(Image.new("L", (280, 280)), pnginfo=info)


def read(content: bytes) -> str:
    """The way of a photo into the app; what is said of it."""
    try:
        photo.digits(photo.read(io.BytesIO(content)))
        return ""
    except NotAPicture as error:
        return str(error)


def sent(content: bytes, objects=(), **more) -> str:
    """The way of a drawing into the app; what is said of it."""
    address = "data:image/png;base64," + base64.b64encode(content).decode()
    try:
        canvas.parse({"raw": {"objects": list(objects)}, "data": address} | more)
        return ""
    except NotADrawing as error:
        return str(error)


MEASURED = """
import pickle, resource, sys
from tests.attack import test_pictures as ways
way = getattr(ways, sys.argv[1])
way(ways.saved(ways.Image.new("L", (9, 9))))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for content in pickle.load(sys.stdin.buffer):
    print(way(content))
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024)
"""


def measured(way, contents: list[bytes]) -> tuple[list[str], float]:
    """What is said of each, and the MB of the worst, in a process of its own: Pillow's memory is not Python's."""
    command = [sys.executable, "-c", MEASURED, way.__name__]
    run = subprocess.run(command, input=pickle.dumps(contents), capture_output=True, check=True, timeout=120, cwd=ROOT)
    *said, megabytes = run.stdout.decode().splitlines()
    return said, float(megabytes)


BOMBS = {
    "a PNG of 177 million pixels": lambda: png_of(13_300, 13_300, colour=0),
    "a PNG of 49 million pixels": lambda: png_of(7000, 7000),
    "a palette of 49 million pixels": lambda: png_of(7000, 7000, 1, 0),
    "a progressive JPEG of 49 million pixels": lambda: saved(Image.new("L", (7000, 7000)), "JPEG", progressive=True),
    "captions": texts,
}
DAMAGED = "The picture is damaged: part of the file is missing or unreadable."
SAID = {
    read: ("The picture has more than 12 million pixels: take a smaller one.", DAMAGED),
    sent: ("What the browser has sent is not a drawing.",),
}
LARGEST = {
    "the largest PNG that may come": lambda: png_of(4000, 3000),
    "of 16 bits": lambda: png_of(4000, 3000, 16),
    "the largest JPEG that may come": lambda: saved(Image.new("CMYK", (4000, 3000)), "JPEG", progressive=True),
}


@pytest.fixture(scope="module")
def bombs():
    return [make() for make in BOMBS.values()]


@pytest.mark.parametrize("way", [read, sent])
def test_a_bomb_is_one_sentence_and_takes_little_memory(bombs, way):
    said, megabytes = measured(way, bombs)
    assert len(said) == len(BOMBS) and all(each in SAID[way] for each in said) and megabytes < LITTLE


def test_what_is_as_large_as_may_be_takes_little_memory():
    assert measured(read, [make() for make in LARGEST.values()])[1] < LITTLE


def test_an_eps_by_another_name_starts_nothing(monkeypatch):
    def started(*command, **_):
        raise AssertionError(command)

    monkeypatch.setattr(subprocess, "Popen", started)
    monkeypatch.setattr(subprocess, "check_call", started)
    for content in (EPS, saved(Image.new("L", (280, 280)), "EPS")):
        assert "not a picture that can be read" in read(content)
        assert sent(content) == "What the browser has sent is not a drawing."


@pytest.mark.parametrize("kind", KINDS)
def test_a_mutated_picture_is_one_sentence_or_a_picture(kind):
    chance = random.Random(kind)
    mode = {"BLP": "P", "GIF": "P"}.get(kind, "RGB")
    whole = saved(photographed(64, 64).convert(mode), kind)
    for _ in range(150):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 8)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        for way in (read, sent):
            said = way(bytes(content[: chance.choice((None, chance.randrange(len(content))))]))
            assert "\n" not in said
            assert said or kind in ("PNG", "JPEG"), "no other format is read"


@pytest.mark.parametrize("size", [(560, 1), (1, 560), (51, 1), (12_000_000, 1)])
def test_a_strip_is_one_sentence(size):
    assert "more than 50 times as long" in read(png_of(*size, colour=0))


def test_a_drawing_is_of_the_canvas_size_and_a_png():
    rgba = Image.new("RGBA", (280, 280), "black")
    assert sent(saved(rgba)) == ""
    for content in (png_of(281, 280), png_of(28, 28), saved(rgba.convert("RGB"), "JPEG"), b"", b"GIF89a"):
        assert sent(content) == "What the browser has sent is not a drawing."


STROKE = {"type": "Path", "path": [["M", 1.0, 2.0], ["L", 3.0, 4.0]]}
FORGED = [
    None,
    5,
    "x",
    [],
    {},
    {"raw": None},
    {"raw": {"objects": 5}, "data": ""},
    {"raw": {"objects": [1]}, "data": "x"},
]
FORGED += [
    {"raw": {"objects": []}, "data": each} for each in (None, 5, "http://127.0.0.1/", "data:,", "data:;base64,*")
]


@pytest.mark.parametrize("message", FORGED, ids=json.dumps)
def test_what_no_canvas_sends_is_one_sentence(message):
    with pytest.raises(NotADrawing, match=r"^What the browser has sent is not a drawing\.$"):
        canvas.parse(message)


def test_a_drawing_has_so_many_strokes_and_no_more():
    content = saved(Image.new("RGBA", (280, 280)))
    assert sent(content, [STROKE] * canvas.MOST_STROKES) == ""
    long = STROKE | {"path": [["L", 1.5, 2.5]] * 50_000}
    for strokes in ([STROKE] * (canvas.MOST_STROKES + 1), [long]):
        assert "at most 50 strokes" in sent(content, strokes)


def test_what_comes_as_text_is_bounded():
    with pytest.raises(NotAPicture, match="too large"):
        picture_file.from_address("data:image/png;base64," + "A" * 900_000)


def test_what_one_browser_holds_is_bounded_whatever_it_draws():
    """Fifty strokes of noise, the worst that can be kept: what the session has for them, in a process of its own."""
    run = subprocess.run([sys.executable, "-c", HOLDING], capture_output=True, text=True, check=True, cwd=ROOT)
    assert float(run.stdout.splitlines()[-1]) < 8


HOLDING = """
import sys, numpy as np, psutil
from types import SimpleNamespace
from mnist_model.images.canvas import MOST_CHARACTERS, MOST_STROKES, Drawing
from mnist_model.pages.shared import drawn
import json, streamlit as st

class Session(dict):
    __getattr__, __setattr__ = dict.__getitem__, dict.__setitem__

chance = np.random.default_rng(0)
def stroke():
    points = [["L", round(float(x), 2), round(float(y), 2)] for x, y in chance.uniform(0, 280, (330, 2))]
    return {"type": "Path", "path": points}
size = lambda: psutil.Process().memory_info().rss / 2**20
st.session_state = Session()
noise = lambda: chance.integers(0, 256, (280, 280, 4), np.uint8)
drawn.keep(Drawing([stroke()], noise()))
before = size()
strokes = []
for number in range(MOST_STROKES):
    strokes = [*strokes, stroke()]
    drawn.keep(Drawing(strokes, noise()))
assert MOST_CHARACTERS / 2 < len(json.dumps(strokes)) <= MOST_CHARACTERS
drawn.show_again()
print(size() - before)
"""
