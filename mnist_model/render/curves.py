"""The curves of trainings: loss or accuracy, in %, over the epochs, of training and test images."""

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from mnist_model.networks.history import History, thinned
from mnist_model.render.charts import Chart, Points, Range, lines
from mnist_model.render.colours import LINE_COLOURS, TRAINING_AND_TEST

Quantity = Literal["loss", "accuracy"]
QUANTITIES: tuple[Quantity, Quantity] = ("loss", "accuracy")
NAMES: dict[Quantity, str] = {"loss": "loss", "accuracy": "accuracy, %"}
WHOLE: dict[Quantity, Range] = {"loss": (0, None), "accuracy": (0, 100)}
RISE = 3.0  # seconds for which axes stay whole, and an epoch at least, so that one sees a training rise from 10 %
STEEP = 0.2  # of an epoch
POINTS = 300  # of a curve, at most: more are not seen


class Curves(NamedTuple):
    """(epoch, value) of the images that were learned from, and of the test images."""

    training: Points
    test: Points


def curves(history: History, quantity: Quantity) -> Curves:
    """The two lines of a training."""
    return Curves(*(_line(history, name) for name in (quantity, f"test_{quantity}")))


def of_one(history: History, quantity: Quantity, epochs: float) -> Chart:
    """The chart of one training of so many epochs, as far as it has come; when it has risen, its axes settle."""
    both = curves(thinned(history, POINTS), quantity)
    view = in_view(history, quantity) if has_risen(history, epochs) else WHOLE[quantity]
    chart = lines(both._asdict(), "epoch", axis_name(quantity, view), epochs, view)
    return chart | {"color": TRAINING_AND_TEST}


def of_several(histories: Mapping[str, History], quantity: Quantity) -> Chart:
    """The chart of several trainings: a run's test line is thick, its training line thin and dashed, in one colour."""
    each = {name: curves(thinned(history, POINTS), quantity) for name, history in histories.items()}
    view = all_in_view(list(histories.values()), quantity)
    chart = lines({name: both.test for name, both in each.items()}, "epoch", axis_name(quantity, view), y_range=view)
    for colour, (name, both) in zip(LINE_COLOURS, each.items(), strict=False):
        thin = {"width": 1.5, "type": "dashed", "color": colour}
        line = {"name": name, "type": "line", "data": both.training, "showSymbol": False, "lineStyle": thin}
        chart["series"].append(line | {"color": colour})
    return chart


def has_risen(history: History, epochs: float) -> bool:
    """Whether a training of so many epochs has gone on long enough for its rise to have been seen, or has ended."""
    steps = [record for record in history if record.examples]
    if not steps or steps[-1].epoch < min(1, epochs):
        return False
    return steps[-1].epoch >= epochs or steps[-1].seconds - steps[0].seconds > RISE


def axis_name(quantity: Quantity, view: Range) -> str:
    """What stands at an axis: also where it begins or ends, if it does not show all."""
    if view == WHOLE[quantity]:
        return NAMES[quantity]
    part = f"axis from {view[0]:g}" if quantity == "accuracy" else f"axis up to {view[1]:g}"
    return f"{NAMES[quantity]} ({part})"


def in_view(history: History, quantity: Quantity) -> Range:
    """The lowest and highest value of an axis on which training and test lines can be told apart.

    After the first fifth of an epoch the steep beginning is left out of view: it would press everything else flat.
    """
    later = [record for record in history if record.epoch > STEEP]
    if len(later) < 5:
        return WHOLE[quantity]
    values = [value for line in curves(later, quantity) for _, value in line]
    if quantity == "accuracy":
        ticks = 5 if min(values) > 80 else 20
        return (math.floor(min(values) / ticks) * ticks, 100)
    grain = 0.1 if max(values) < 1 else 0.5
    return (0, round(math.ceil(max(values) / grain) * grain, 2))


def all_in_view(histories: Sequence[History], quantity: Quantity) -> Range:
    """The same for the curves of several runs."""
    views = [in_view(history, quantity) for history in histories]
    lows, highs = ([view[i] for view in views] for i in (0, 1))
    known = [high for high in highs if high is not None]
    return min(low or 0 for low in lows), max(known) if len(known) == len(highs) else None


def _line(history: History, name: str) -> Points:
    """The (epoch, value) of the records that have a value of the name."""
    values = ((record.epoch, getattr(record, name)) for record in history)
    scale = 100 if name.endswith("accuracy") else 1
    return [(epoch, round(scale * value, 4)) for epoch, value in values if value is not None]
