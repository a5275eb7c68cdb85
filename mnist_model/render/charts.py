"""Charts as ECharts options: lines, columns and dots."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from mnist_model.render.colours import GREY, LINE_COLOURS, TRAINING_AND_TEST

Chart = dict[str, Any]
Points = Sequence[tuple[float, float]]
Range = tuple[float | None, float | None]


SMALL, USUAL, LARGE = {"fontSize": 14}, {"fontSize": 15}, {"fontSize": 18}
AXIS = {"nameLocation": "middle", "nameTextStyle": USUAL, "axisLabel": SMALL}


def lines(
    series: Mapping[str, Points],
    x_name: str,
    y_name: str,
    x_last: float | None = None,
    y_range: Range = (None, None),
    mark: tuple[float, str] | None = None,
    title: tuple[str, str] = ("", ""),
    bands: Mapping[str, Sequence[tuple[float, float, float]]] = MappingProxyType({}),
) -> Chart:
    """A chart of lines by name, each a list of (x, y).

    `mark` is a labelled upright line at an x; `title` has a second, smaller text below it; `bands` are around some of
    the lines, (x, low, high) each.
    """
    charted = [_line(name, points) for name, points in series.items()]
    charted += [part for name, band in bands.items() for part in _band(name, band)]
    if mark:
        charted[0]["markLine"] = _upright(*mark)
    low, high = y_range
    heading = 88 if title[0] else 0
    top = heading + (96 if len(series) > 3 else 72)  # room for one or two rows of the legend and for the mark
    axis = AXIS | {"type": "value", "nameGap": 32}
    return _chart(charted, top) | {
        "title": _heading(*title),
        "legend": {"show": len(series) > 1, "top": heading + 4, "textStyle": USUAL},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.3f"},
        "xAxis": axis | {"name": x_name, "max": x_last, "minInterval": 1},
        "yAxis": axis | {"name": y_name, "nameGap": 44, "min": low, "max": high, "scale": low is None},
    }


def columns(series: Mapping[str, Sequence[int]], x_name: str, y_name: str) -> Chart:
    """A chart of grouped columns, one group a digit, of training and test images."""
    charted = [{"name": name, "type": "bar", "data": list(values)} for name, values in series.items()]
    return _chart(charted, top=44) | {
        "color": TRAINING_AND_TEST,
        "legend": {"top": 4, "textStyle": USUAL},
        "tooltip": {"trigger": "axis"},
        "xAxis": AXIS | {"type": "category", "data": [str(d) for d in range(10)], "name": x_name, "nameGap": 32},
        "yAxis": AXIS | {"type": "value", "name": y_name, "nameGap": 54},
    }


def _chart(charted: list[Chart], top: int) -> Chart:
    grid = {"left": 34, "right": 24, "top": top, "bottom": 30, "containLabel": True}
    return {"animation": False, "color": LINE_COLOURS, "grid": grid, "series": charted}


def _line(name: str, points: Points) -> Chart:
    return {"name": name, "type": "line", "data": points, "showSymbol": len(points) < 20, "lineStyle": {"width": 3}}


def _band(name: str, band: Sequence[tuple[float, float, float]]) -> list[Chart]:
    """What lies between two lines: one that is not seen, and an area stacked upon it; it goes with its own line."""
    part = {"name": name, "type": "line", "stack": f"around {name}", "symbol": "none", "silent": True}
    unseen = part | {"lineStyle": {"opacity": 0}, "tooltip": {"show": False}}
    area = {"data": [(x, round(high - low, 2)) for x, low, high in band], "areaStyle": {"opacity": 0.3}}
    return [unseen | {"data": [(x, low) for x, low, _ in band]}, unseen | area]


def _upright(x: float, text: str) -> Chart:
    """A labelled upright line at x, as an ECharts markLine."""
    return {
        "symbol": "none",
        "animation": False,
        "silent": True,
        "lineStyle": {"color": GREY, "width": 3, "type": "solid"},
        "label": {"formatter": text, "fontSize": 15, "fontWeight": "bold"},
        "data": [{"xAxis": x}],
    }


def _heading(text: str, subtext: str) -> Chart:
    """A chart's title with a smaller text below it, as an ECharts title."""
    return {
        "text": text,
        "subtext": subtext,
        "left": 0,
        "textStyle": LARGE | {"lineHeight": 24},
        "subtextStyle": SMALL | {"lineHeight": 18},
    }
