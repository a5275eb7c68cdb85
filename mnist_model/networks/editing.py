"""One edit of a stack of layers, as the Train page's editor says it: "2.up", "0.filters=32", "add=Conv2D"."""

from collections.abc import Sequence

from mnist_model.networks.stack import KINDS, LAYERS, Layer, layer, walk


def edited(layers: Sequence[Layer], edit: str) -> list[Layer]:
    """The layers after an edit. Raises ValueError, or BadRecipe, which is one, where there is no such edit."""
    act, _, value = edit.partition("=")
    if act == "add":
        return _with(list(layers), layer(value))
    number, _, name = act.partition(".")
    at = range(len(layers)).index(int(number))
    each, rest = layers[at], [*layers[:at], *layers[at + 1 :]]
    if name == "remove":
        return rest
    if name in ("up", "down"):
        to = at + (1 if name == "down" else -1)
        return [*rest[: max(0, to)], each, *rest[max(0, to) :]]
    return [*layers[:at], _changed(each, name, value), *layers[at + 1 :]]


def _with(layers: list[Layer], added: Layer) -> list[Layer]:
    """The layers with one more, as late as all of them fit, else at the end."""
    if len(layers) >= LAYERS:
        raise ValueError(f"a stack has at most {LAYERS} layers")
    tried = ([*layers[:at], added, *layers[at:]] for at in range(len(layers), -1, -1))
    return next(filter(_fits, tried), [*layers, added])


def _fits(layers: list[Layer]) -> bool:
    try:
        return bool(list(walk(layers)))
    except ValueError:
        return False


def _changed(each: Layer, name: str, value: str) -> Layer:
    """A layer of another kind, which keeps what both have, or with another value of a field."""
    if name == "kind":
        shared = {field: kept for field, kept in each.fields.items() if value in KINDS and field in KINDS[value].fields}
        return layer(value, **shared)
    if name not in each.fields:
        raise ValueError(f"there is no {name}")
    return layer(each.kind, **each.fields | {name: KINDS[each.kind].fields[name][0].parse(value)})
