"""The curves of trainings: loss or accuracy over the epochs, of training and test images."""

import math
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple

from mnist_model.networks.history import History, Record
from mnist_model.render.charts import Chart, Points, Range, lines
from mnist_model.render.colours import LINE_COLOURS

Quantity = Literal["loss", "accuracy"]
QUANTITIES: tuple[Quantity, Quantity] = ("loss", "accuracy")
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
    """The chart of one training of so many epochs, as far as it has come."""
    both = curves(thinned(history, POINTS), quantity)
    return lines(both._asdict(), "epoch", quantity, epochs, in_view(history, quantity))


def of_several(histories: Mapping[str, History], quantity: Quantity) -> Chart:
    """The chart of several trainings: a run's test line is thick, its training line thin and dashed, in one colour."""
    each = {name: curves(thinned(history, POINTS), quantity) for name, history in histories.items()}
    view = all_in_view(list(histories.values()), quantity)
    chart = lines({name: both.test for name, both in each.items()}, "epoch", quantity, y_range=view)
    for colour, (name, both) in zip(LINE_COLOURS, each.items(), strict=False):
        thin = {"width": 1.5, "type": "dashed", "color": colour}
        line = {"name": name, "type": "line", "data": both.training, "showSymbol": False, "lineStyle": thin}
        chart["series"].append(line | {"color": colour})
    return chart


def in_view(history: History, quantity: Quantity) -> Range:
    """The lowest and highest value of an axis on which training and test lines can be told apart.

    After the first fifth of an epoch the steep beginning is left out of view: it would press everything else flat.
    """
    later = [record for record in history if record.epoch > STEEP]
    if len(later) < 5:
        return (0, None)
    values = [value for line in curves(later, quantity) for _, value in line]
    if quantity == "accuracy":
        grain = 0.05 if min(values) > 0.8 else 0.2
        return (round(math.floor(min(values) / grain) * grain, 2), 1)
    grain = 0.1 if max(values) < 1 else 0.5
    return (0, round(math.ceil(max(values) / grain) * grain, 2))


def all_in_view(histories: Sequence[History], quantity: Quantity) -> Range:
    """The same for the curves of several runs."""
    views = [in_view(history, quantity) for history in histories]
    lows, highs = ([view[i] for view in views] for i in (0, 1))
    known = [high for high in highs if high is not None]
    return min(low or 0 for low in lows), max(known) if len(known) == len(highs) else None


def thinned(history: History, most: int) -> list[Record]:
    """A history of at most about `most` records besides those with test figures: neighbours become their mean."""
    width = -(-len(history) // most)
    kept: list[Record] = []
    group: list[Record] = []
    for record in history:
        group.append(record)
        if len(group) == width or record.test_loss is not None:
            means = {name: sum(getattr(each, name) for each in group) / len(group) for name in QUANTITIES}
            kept.append(record._replace(**means))
            group = []
    return kept + group[-1:]


def _line(history: History, name: str) -> Points:
    """The (epoch, value) of the records that have a value of the name."""
    values = ((record.epoch, getattr(record, name)) for record in history)
    return [(epoch, round(value, 4)) for epoch, value in values if value is not None]
