"""A stack of layers as an editor, in HTML; what is pressed or changed in it has its edit as its name (editing.py)."""

import html
from collections.abc import Iterable, Mapping, Sequence

from mnist_model.networks.counting import counted
from mnist_model.networks.field import Field
from mnist_model.networks.stack import KINDS, LAST, LAYERS, Layer, Made

BUTTONS = {"up": ("↑", "Move up"), "down": ("↓", "Move down"), "remove": ("✕", "Remove")}


def editor(layers: Sequence[Layer], made: Sequence[Made], faults: Mapping[int, str], stacks: Iterable[str]) -> str:
    """A row for each layer, with its fields and what it makes as far as that is known; a fault stands in its row.

    `stacks` are the names of those to start from.
    """
    rows = [_row(i, each, made[i : i + 1], faults.get(i, ""), len(layers)) for i, each in enumerate(layers)]
    last = _item(f"<b>{LAST}</b>", made[len(layers) :], faults.get(len(layers), ""))
    tools = _menu("add", "Add a layer", KINDS if len(layers) < LAYERS else ()) + _menu("start", "Start from", stacks)
    return f'<ol>{"".join(rows)}{last}</ol><div>{tools}<button name="undo">Undo</button></div>'


def _menu(name: str, label: str, options: Iterable[str]) -> str:
    return f'<select name="{name}" aria-label="{label}"><option value="">{label} …</option>{_options(options)}</select>'


def _row(i: int, each: Layer, made: Sequence[Made], fault: str, count: int) -> str:
    about = KINDS[each.kind].about
    kind = f'<select name="{i}.kind" aria-label="Layer {i + 1}" title="{about}">{_options(KINDS, each.kind)}</select>'
    fields = [_field(f"{i}.{name}", KINDS[each.kind].fields[name][0], value) for name, value in each.fields.items()]
    ends = {"up": i == 0, "down": i == count - 1}
    buttons = [
        f'<button name="{i}.{act}" aria-label="{label} layer {i + 1}" title="{label}"'
        f"{' disabled' if ends.get(act) else ''}>{sign}</button>"
        for act, (sign, label) in BUTTONS.items()
    ]
    said = "" if fields else f"<small>{about}</small>"
    return _item(f"{kind}{''.join(fields)}{said}", made, fault, "".join(buttons))


def _item(shown: str, made: Sequence[Made], fault: str, buttons: str = "") -> str:
    """A layer, what it makes, and its buttons: HTML."""
    said = [f"→ <b>{'×'.join(map(str, one.shape))}</b>, {counted(one.parameters, 'parameter')}" for one in made]
    why = f'<p role="alert">{html.escape(fault)}</p>' if fault else ""
    return f"<li><div>{shown}</div><span>{''.join(said)}</span><span>{buttons}</span>{why}</li>"


def _field(name: str, row: Field, value: object) -> str:
    if row.choices:
        return f'<label>{row.label} <select name="{name}">{_options(row.choices, str(value))}</select></label>'
    bounds = f'min="{row.least}" max="{row.most}"'
    return f'<label>{row.label} <input type="number" name="{name}" {bounds} value="{value}" required></label>'


def _options(names: Iterable[str], chosen: str = "") -> str:
    return "".join(f"<option{' selected' if name == chosen else ''}>{name}</option>" for name in names)
