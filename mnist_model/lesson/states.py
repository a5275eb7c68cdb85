"""The state that a step opens, as a link: what the addresses of the pages can hold, so that a fault is found before.

The pages themselves read it (pages/shared/links.py); a test holds that they read what is said here, and nothing else.
"""

from collections.abc import Callable
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from mnist_model.images import ink_code
from mnist_model.images.shifting import FURTHEST
from mnist_model.lesson.errors import BadLink
from mnist_model.networks.recipe import FIELDS
from mnist_model.networks.remedies import REMEDIES

NETWORKS = list(dict.fromkeys(remedy.network for remedy in REMEDIES))
SIGHTS = {  # parts of pages, not their top: which pages have each
    "section": ("shift",),
    "picked": ("data", "train"),
    "train": ("train",),
    "confusion": ("train",),
    **dict.fromkeys(("gets", "flatten", "unit", "units", "sums", "softmax"), ("draw", "train")),
}
IMAGES = {"train": 60_000, "test": 10_000}  # by split, as an address calls it
PER_PAGE = 54  # images on Data


class State(NamedTuple):
    """A page and what stands in its address."""

    page: str
    values: dict[str, str]


class Value(NamedTuple):
    """What a value must be, in words, and whether a text is that."""

    kind: str
    fits: Callable[[str], bool]


def parse(link: str) -> State:
    """The state that a link such as /shift?digit=test-247&dx=3 opens. Raises BadLink."""
    parts = urlsplit(link)
    page = parts.path.removeprefix("/") or "draw"
    if page not in PAGES or parts.netloc or not link.startswith("/"):
        raise BadLink(f"is not of a page: it begins with one of /, {', '.join(f'/{each}' for each in PAGES)}")
    values = parse_qsl(parts.query, keep_blank_values=True)
    known = PAGES[page] | EVERYWHERE | (TRAINING if ("split", "training") in values else {})
    for name, text in values:
        if name not in known:
            raise BadLink(f"has “{name}”, which /{page} does not read; it reads {', '.join(known)}")
        if not known[name].fits(text):
            raise BadLink(f"has a “{name}” that is not {known[name].kind}")
    return State(page, dict(values))


def is_digit(code: str) -> bool:
    """Whether a digit is called so: test-247, train-5, or ink-… with a drawing in it."""
    name, _, rest = code.partition("-")
    if name in IMAGES:
        return _whole(0, IMAGES[name] - 1).fits(rest)
    try:
        return bool(ink_code.decode(code).any())
    except ValueError:
        return False


def _whole(least: int, most: int) -> Value:
    def fits(text: str) -> bool:
        digits = text.removeprefix("-")
        return digits.isascii() and digits.isdecimal() and len(digits) < 12 and least <= int(text) <= most

    return Value(f"a whole number from {least:,} to {most:,}", fits)


def _word(*words: str) -> Value:
    return Value(f"one of {', '.join(words)}", lambda text: text in words)


def _field(name: str) -> Value:
    def fits(text: str) -> bool:
        try:
            FIELDS[name].parse(text)
        except ValueError:
            return False
        return True

    return Value(FIELDS[name].bounds, fits)


def _are_digits(text: str) -> bool:
    return text == "all" or all(len(each) == 1 and each in "0123456789" for each in text.split(","))


_DIGIT = Value("a test image (test-0 to test-9999), a training image, or a drawing that is whole", is_digit)
EVERYWHERE = {
    "network": _word(*NETWORKS),
    "view": _word("projector", "page"),
    "hide": _word("answers", "nothing"),
}
PAGES: dict[str, dict[str, Value]] = {
    "draw": {
        "digit": _DIGIT,
        "preparation": _word("raw", "centred"),
        "numbers": _word("picture", "0-255", "0-1", "follow"),
        "unit": _whole(0, 4095),
    },
    "data": {
        "split": _word("training", "test", "ours"),  # ours: the class's digits
        "digits": Value("some of the digits 0 to 9, as in 4,9, or all", _are_digits),
        "order": _word("index", "random", "unsure", "mistakes", "fragile"),
        "seed": _whole(0, 9999),
        "image": _whole(0, IMAGES["test"] - 1),
        "page": _whole(1, -(-IMAGES["test"] // PER_PAGE)),
    },
    "train": {
        "train": _word(*NETWORKS, "own"),
        **{name: _field(name) for name in FIELDS},
        "look": _word("layers", "forward"),
        "digit": _DIGIT,
        "unit": _whole(0, 4095),
    },
    "shift": {
        "digit": _DIGIT,
        "dx": _whole(-FURTHEST, FURTHEST),
        "dy": _whole(-FURTHEST, FURTHEST),
        "look": _word("accuracy", "maps", "breaking", "why", "where", "verdict", "shuffled", "remedies"),
    },
}
TRAINING = {  # where the split is that
    "image": _whole(0, IMAGES["train"] - 1),
    "page": _whole(1, -(-IMAGES["train"] // PER_PAGE)),
}
