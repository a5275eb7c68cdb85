"""A network as a stack of layers: as typed values, as a short text for links, as TOML, and as what Keras makes of it.

The text is the layers' codes with their fields, "conv-16-5-2,max-2,flatten,dense-64": fields at the end that have their
usual values may be left out. An image of 28×28 numbers goes in; the last layer, Dense(10, softmax), stands outside.
"""

import math
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

from mnist_model.networks.errors import BadRecipe, BadStack
from mnist_model.networks.field import Field

Shape = tuple[int, ...]  # (height, width, channels) of an image or of maps, (n,) of a row of numbers
IMAGE: Shape = (28, 28, 1)
LAST = "Dense(10, softmax)"
BOUNDS = "a stack of layers that fit each other, like conv-16,max-2,flatten"
LAYERS = 12  # at most, of a stack; so are the following, for one person must not take a class's server
CHARACTERS = 400
PARAMETERS = 500_000
MULTIPLICATIONS = 10_000_000  # an image
NUMBERS = 60_000  # that all layers together make of an image
AT_ONCE = 60_000_000  # numbers that they make of a batch: four bytes each, and kept for the way back


class Kind(NamedTuple):
    """One kind of layer: how a stack's text calls it, what it does, its fields, each with its usual value or the name
    of the field that it usually equals."""

    code: str
    about: str
    fields: Mapping[str, tuple[Field, Any]] = MappingProxyType({})


def _whole(label: str, usual: int | str, least: int, most: int) -> tuple[Field, int | str]:
    return Field(int, label, "", least, most), usual


def _word(label: str, *words: str) -> tuple[Field, str]:
    return Field(str, label, "", choices=words), words[0]


_ACTIVATION = _word("activation", "relu", "tanh", "none")
KINDS = {
    "Conv2D": Kind(
        "conv",
        "small windows of weights, the same everywhere",
        {
            "filters": _whole("filters", 16, 1, 128),
            "kernel": _whole("kernel", 3, 1, 11),
            "stride": _whole("stride", 1, 1, 4),
            "padding": _word("padding", "valid", "same"),
            "activation": _ACTIVATION,
        },
    ),
    "MaxPooling2D": Kind(
        "max",
        "the largest of each square",
        {"size": _whole("size", 2, 2, 8), "stride": _whole("stride", "size", 1, 8)},
    ),
    "BlurPool2D": Kind("blur", "blurred by 1-2-1, then every second pixel; zeros around (Zhang 2019)"),
    "GlobalMaxPooling2D": Kind("gmax", "the largest of each map"),
    "GlobalAveragePooling2D": Kind("gavg", "the mean of each map"),
    "ZeroPadding2D": Kind(
        "pad",
        "a margin of paper",
        {"before": _whole("left and top", 1, 0, 14), "after": _whole("right and bottom", 1, 0, 14)},
    ),
    "Flatten": Kind("flatten", "all numbers in one row"),
    "Dense": Kind(
        "dense",
        "every number to every unit",
        {"units": _whole("units", 64, 1, 4096), "activation": _ACTIVATION},
    ),
    "Dropout": Kind(
        "drop", "some numbers are left out, in training only", {"percent": _whole("of them, %", 25, 1, 90)}
    ),
}
CODES = {kind.code: name for name, kind in KINDS.items()}
OF_ROWS = ("Dense", "Dropout")  # all others need an image or maps
ACTIVATIONS = {"relu": "relu", "tanh": "tanh", "none": "linear"}  # as Keras calls them


class Layer(NamedTuple):
    """One layer: a key of KINDS, and the values of its fields."""

    kind: str
    fields: dict[str, Any]

    @property
    def text(self) -> str:
        """The layer as a stack's text has it."""
        kind, values = KINDS[self.kind], list(self.fields.items())
        while len(values) > 1 and values[-1][1] == _usual(kind, values[-1][0], self.fields):
            values.pop()
        return "-".join([kind.code, *(str(value) for _, value in values)])


class Made(NamedTuple):
    """What a layer makes of an image, and what that costs."""

    shape: Shape
    parameters: int = 0
    multiplications: int = 0  # or numbers looked at


def layer(kind: str, **fields: Any) -> Layer:
    """A layer; fields that are not given have their usual values. Raises BadRecipe."""
    if kind not in KINDS:
        raise BadRecipe(f"“{kind}” is none of {', '.join(KINDS)}.")
    known = KINDS[kind].fields
    if unknown := fields.keys() - known:
        raise BadRecipe(f"it has no “{min(unknown)}”.")
    for name, value in fields.items():
        known[name][0].check(value)
    return Layer(kind, {name: fields.get(name, _usual(KINDS[kind], name, fields)) for name in known})


def parse(text: str) -> list[Layer]:
    """The layers that a text says, whether they fit each other or not. Raises BadStack."""
    if len(text) > CHARACTERS:
        raise BadStack(f"A stack's text has at most {CHARACTERS} characters.", 0)
    codes = text.split(",") if text else []
    return _numbered(codes, _parsed, CODES)


def from_toml(text: str) -> list[Layer]:
    """The layers of a file with a table [[layers]] for each: kind = "Conv2D", filters = 16. Raises BadStack."""
    try:
        tables = tomllib.loads(text)["layers"]
    except tomllib.TOMLDecodeError as error:
        raise BadStack(f"That is not TOML: {error}.", 0) from error
    except KeyError as error:
        raise BadStack("There is no [[layers]] in it.", 0) from error
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise BadStack("Each layer must be a table [[layers]].", 0)
    return _numbered(tables, lambda table: layer(str(table.pop("kind", "")), **table), KINDS)


def text_of(layers: Sequence[Layer]) -> str:
    """The layers as a text."""
    return ",".join(each.text for each in layers)


def walk(layers: Sequence[Layer]) -> Iterator[Made]:
    """What each layer makes, and last what LAST does. Raises BadStack at the first that does not fit."""
    shape, numbers = IMAGE, 0
    for i, each in enumerate([*layers, Layer("Dense", {"units": 10, "activation": "softmax"})]):
        name = f"Layer {i + 1}, {each.kind}" if i < len(layers) else f"The last layer, {LAST}"
        if fault := _fault(each, shape):
            raise BadStack(f"{name}: {fault}.", i)
        made = _made(each, shape)
        shape, numbers = made.shape, numbers + math.prod(made.shape)
        if numbers > NUMBERS:
            raise BadStack(
                f"{name}: up to here {numbers:,} numbers are made of an image; at most {NUMBERS:,} may be.", i
            )
        yield made


def survey(text: str) -> tuple[list[Made], dict[int, str]]:
    """What a text's layers make, as far as they fit; and what is wrong, by the index of its layer. Raises BadStack."""
    made: list[Made] = []
    try:
        made.extend(walk(parse(text)))  # up to the first that does not fit
        check(text)
    except BadStack as error:
        return made, {error.at: str(error)}
    return made, {}


def check(text: str) -> None:
    """Raises BadStack where a text is no stack, its layers do not fit each other, or are too much."""
    layers = parse(text)
    if len(layers) > LAYERS:
        raise BadStack(f"A stack has at most {LAYERS} layers, and this has {len(layers)}.", LAYERS)
    made = list(walk(layers))
    _limit([each.parameters for each in made], PARAMETERS, "parameters")
    _limit([each.multiplications for each in made], MULTIPLICATIONS, "multiplications of an image's numbers")


def _limit(counts: list[int], most: int, noun: str) -> None:
    if (total := sum(counts)) > most:
        at = counts.index(max(counts))
        raise BadStack(f"These are {total:,} {noun}, most of them in layer {at + 1}; at most {most:,} may be.", at)


def check_batch(text: str, batch: int) -> None:
    """Raises BadRecipe where a batch of so many images would take too much memory."""
    most = AT_ONCE // sum(math.prod(made.shape) for made in walk(parse(text)))
    if batch > most:
        raise BadRecipe(f"Batch size: {batch} is too much for so large layers; at most {most:,} fits.")


def keras_layers(layers: Sequence[Layer]) -> list[tuple[str, dict[str, Any]]]:
    """Keras's class and arguments of each layer, with what comes before and after the stack.

    BlurPool2D is two means of neighbours, one after the other: together they weigh 1-2-1, and all of Keras and LiteRT
    know them.
    """
    first = [] if layers and layers[0].kind == "Flatten" else [("Reshape", {"target_shape": IMAGE})]
    inner = [keras for each in layers for keras in _keras(each)]
    return [*first, *inner, ("Dense", {"units": 10, "activation": "softmax"})]


def _usual(kind: Kind, name: str, fields: dict[str, Any]) -> Any:
    """The usual value of a field, given the others."""
    usual = kind.fields[name][1]
    return fields.get(usual, kind.fields[usual][1]) if usual in kind.fields else usual


def _numbered(items: Sequence[Any], read: Any, known: Any) -> list[Layer]:
    """Each item read as a layer; what is wrong with one is said with its number."""
    layers = []
    for i, item in enumerate(items):
        try:
            layers.append(read(item))
        except BadRecipe as error:
            raise BadStack(f"Layer {i + 1}: {error}", i) from error
    return layers


def _parsed(code: str) -> Layer:
    name, *texts = code.split("-")
    if name not in CODES:
        raise BadRecipe(f"“{name}” is none of {', '.join(CODES)}.")
    fields = KINDS[CODES[name]].fields
    if len(texts) > len(fields):
        raise BadRecipe(f"“{code}” has more than {len(fields)} values.")
    given = zip(fields.items(), texts, strict=False)
    return layer(CODES[name], **{field: row.parse(text) for (field, (row, _)), text in given})


def _fault(each: Layer, shape: Shape) -> str:
    """Why a layer does not fit what it gets, or ""."""
    is_row = len(shape) == 1
    if is_row and each.kind not in OF_ROWS:
        return f"it needs an image, and gets a row of {shape[0]:,} numbers"
    if each.kind == "Dense" and not is_row:
        return f"it needs a row of numbers, and gets {_said(shape)}: put Flatten or a global pooling before it"
    size, _, padding = _window(each)
    if padding == "valid" and size > min(shape[:2]):
        noun = "kernel" if each.kind == "Conv2D" else "square"
        return f"the image is {_said(shape[:2])} here: a {size}×{size} {noun} does not fit"
    return ""


def _made(each: Layer, shape: Shape) -> Made:
    kind, fields, count = each.kind, each.fields, math.prod(shape)
    if kind == "Dense":
        return Made((fields["units"],), (count + 1) * fields["units"], count * fields["units"])
    if kind == "Flatten":
        return Made((count,))
    if kind == "Dropout":
        return Made(shape)
    if kind.startswith("Global"):
        return Made(shape[2:], 0, count)
    if kind == "ZeroPadding2D":
        margin = fields["before"] + fields["after"]
        return Made((shape[0] + margin, shape[1] + margin, shape[2]))
    size, stride, padding = _window(each)
    height, width = ((side - (padding == "valid") * (size - 1) + stride - 1) // stride for side in shape[:2])
    if kind != "Conv2D":
        return Made((height, width, shape[2]), 0, height * width * shape[2] * size**2)
    weights = size**2 * shape[2] * fields["filters"]
    return Made((height, width, fields["filters"]), weights + fields["filters"], height * width * weights)


def _window(each: Layer) -> tuple[int, int, str]:
    """The side of the window that a layer passes over its input, how far it goes each time, and the padding."""
    if each.kind == "BlurPool2D":
        return 3, 2, "same"
    fields = each.fields
    return fields.get("kernel", fields.get("size", 1)), fields.get("stride", 1), fields.get("padding", "valid")


def _keras(each: Layer) -> list[tuple[str, dict[str, Any]]]:
    fields = each.fields
    match each.kind:
        case "Conv2D":
            sizes = {"filters": fields["filters"], "kernel_size": fields["kernel"], "strides": fields["stride"]}
            rest = {"padding": fields["padding"], "activation": ACTIVATIONS[fields["activation"]]}
            return [("Conv2D", sizes | rest)]
        case "MaxPooling2D":
            return [("MaxPooling2D", {"pool_size": fields["size"], "strides": fields["stride"]})]
        case "BlurPool2D":
            mean = "AveragePooling2D"
            return [
                ("ZeroPadding2D", {"padding": 1}),
                (mean, {"pool_size": 2, "strides": 1}),
                (mean, {"pool_size": 2, "strides": 2}),
            ]
        case "ZeroPadding2D":
            margins = (fields["before"], fields["after"])
            return [("ZeroPadding2D", {"padding": (margins, margins)})]
        case "Dense":
            return [("Dense", {"units": fields["units"], "activation": ACTIVATIONS[fields["activation"]]})]
        case "Dropout":
            return [("Dropout", {"rate": fields["percent"] / 100})]
    return [(each.kind, {})]


def _said(shape: Shape) -> str:
    return "×".join(map(str, shape))
