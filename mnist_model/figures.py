"""Arrays -> crisp pictures, tables and bars (HTML), charts (ECharts options) and printable curves (PNG).

Colours come from assets/style.css and the page's theme, so that everything reads in light and dark.
"""

import base64
import functools
import html
import io
import math
from collections.abc import Sequence

import numpy as np
from PIL import Image

DIGITS = range(10)
STEEP = 0.2  # of an epoch
COLOURS = [
    "#3b82f6",
    "#e4572e",
    "#17a398",
    "#a35bb5",
    "#d99a00",
    "#7d8794",
]  # of lines and columns, legible on light and dark


def png(image: np.ndarray, enlarge: int = 1) -> bytes:
    """An image (h, w), float 0–1, white ink on black, or a picture (h, w, 4), uint8 RGBA -> a PNG.

    Each pixel is `enlarge` pixels wide.
    """
    levels = image if image.dtype == np.uint8 else np.round(np.clip(image, 0, 1) * 255).astype(np.uint8)
    pixels = Image.fromarray(levels)
    file = io.BytesIO()
    pixels.resize((pixels.width * enlarge, pixels.height * enlarge), Image.Resampling.NEAREST).save(file, "PNG")
    return file.getvalue()


def data_url(content: bytes) -> str:
    """A PNG as an address that holds it."""
    return f"data:image/png;base64,{base64.b64encode(content).decode()}"


def picture(image: np.ndarray, alt: str, width: int | None = None) -> str:
    """An image or a picture, as `png` takes it, with hard-edged pixels: HTML, `width` CSS pixels or as its place."""
    size = f' style="width:{width}px"' if width else ""
    return f'<img class="pixels"{size} alt="{html.escape(alt)}" src="{_png_url(image)}">'


def css_image(image: np.ndarray) -> str:
    """An image or a picture, as `png` takes it, as a CSS value."""
    return f"url({_png_url(image)})"


def captioned(content: str, caption: str) -> str:
    """HTML with a line of text under it."""
    return f"<figure>{content}<figcaption>{html.escape(caption)}</figcaption></figure>"


def drawing(svg: str, alt: str) -> str:
    """An SVG file's text as a picture: HTML, as wide as its place."""
    source = base64.b64encode(svg.encode()).decode()
    return f'<img class="drawing" alt="{html.escape(alt)}" src="data:image/svg+xml;base64,{source}">'


def numbers(image: np.ndarray, divided: bool) -> str:
    """The 28×28 table of an image's numbers: 0–255, or `divided` by 255."""
    levels = np.round(image * 255).astype(int)

    def cell(level: int) -> str:
        text = ("0" if level == 0 else f"{level / 255:.2f}".lstrip("0")) if divided else str(level)
        return f'<td style="--ink:{level / 255:.2f}" class="{"lit" if level > 127 else ""}">{text}</td>'

    rows = ("<tr>" + "".join(map(cell, row)) + "</tr>" for row in levels.tolist())
    kind = ' data-divided="yes"' if divided else ""
    return f'<div class="scroll"><table class="numbers"{kind}>{"".join(rows)}</table></div>'


def answer(probabilities: np.ndarray, note: str, changed: bool = False) -> str:
    """The most probable digit in large type, its probability, and a note beside them."""
    digit = int(probabilities.argmax())
    state = "answer changed" if changed else "answer"
    said = f'<b>{percent(probabilities[digit])}</b><br><span class="note">{html.escape(note)}</span>'
    return f'<div class="{state}"><span class="digit">{digit}</span><span class="beside">{said}</span></div>'


def remark(text: str) -> str:
    """A line under an answer."""
    return f'<div class="remark">{html.escape(text)}</div>'


def bars(probabilities: np.ndarray) -> str:
    """Ten probability bars; the longest stands out."""
    best = int(probabilities.argmax())
    rows = "".join(
        f'<div class="bar{" best" if digit == best else ""}"><span>{digit}</span>'
        f'<span class="track"><span style="width:{100 * p:.1f}%"></span></span>'
        f"<span>{percent(p)}</span></div>"
        for digit, p in enumerate(probabilities.tolist())
    )
    return f'<div class="bars">{rows}</div>'


def gallery(images: np.ndarray, captions: Sequence[str], picks: Sequence[str], chosen: str = "") -> str:
    """Small pictures with captions under them, each a button that picks its value."""
    cells = (
        f'<button data-pick="{pick}" aria-pressed="{str(pick == chosen).lower()}">'
        f"{picture(image, caption)}<span>{caption}</span></button>"
        for image, caption, pick in zip(images, captions, picks, strict=True)
    )
    return f'<div class="gallery">{"".join(cells)}</div>'


def confusion(matrix: np.ndarray, chosen: str = "") -> str:
    """The confusion matrix (10, 10), rows the true digit, as a table of buttons that pick "true,predicted"."""
    most = np.max(matrix - np.diag(np.diag(matrix)), initial=1)

    def cell(true: int, predicted: int) -> str:
        """A count as a button, the redder the more."""
        count = int(matrix[true, predicted])
        kind = "right" if true == predicted else "wrong"
        pick = f"{true},{predicted}"
        label = f"{count} images of a {true} read as {predicted}"
        return (
            f'<td class="{kind}" style="--part:{min(1, count / most):.2f}"><button data-pick="{pick}" '
            f'aria-label="{label}" aria-pressed="{str(pick == chosen).lower()}">{count}</button></td>'
        )

    head = "".join(f"<th>{digit}</th>" for digit in DIGITS)
    rows = "".join(
        f"<tr><th>{true}</th>{''.join(cell(true, predicted) for predicted in DIGITS)}</tr>" for true in DIGITS
    )
    return (
        '<div class="scroll"><table class="confusion"><tr><th></th><th colspan="10">the network says</th></tr>'
        f"<tr><th>digit</th>{head}</tr>{rows}</table></div>"
    )


def lines(
    series: dict[str, list[tuple[float, float]]],
    x_name: str,
    y_name: str,
    x_last: float | None = None,
    y_range: tuple[float | None, float | None] = (None, None),
    mark: tuple[float, str] | None = None,
    title: tuple[str, str] = ("", ""),
) -> dict:
    """A chart of lines, each a list of (x, y), as an ECharts option.

    `mark` is a labelled upright line at an x; `title` has a second, smaller text below it.
    """
    charted = [
        {"name": name, "type": "line", "data": points, "showSymbol": len(points) < 20, "lineStyle": {"width": 3}}
        for name, points in series.items()
    ]
    if mark:
        charted[0]["markLine"] = _upright(*mark)
    axis = {"type": "value", "nameLocation": "middle", "nameGap": 32, "nameTextStyle": {"fontSize": 15}}
    axis |= {"axisLabel": {"fontSize": 14}}
    low, high = y_range
    heading = 88 if title[0] else 0
    top = heading + (96 if len(series) > 3 else 72)  # room for one or two rows of the legend and for the mark
    return {
        "animation": False,
        "title": _heading(*title),
        "color": COLOURS,
        "grid": {"left": 34, "right": 24, "top": top, "bottom": 30, "containLabel": True},
        "legend": {"show": len(series) > 1, "top": heading + 4, "textStyle": {"fontSize": 15}},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.3f"},
        "xAxis": axis | {"name": x_name, "max": x_last, "minInterval": 1},
        "yAxis": axis | {"name": y_name, "nameGap": 44, "min": low, "max": high, "scale": low is None},
        "series": charted,
    }


def _upright(x: float, text: str) -> dict:
    """A labelled upright line at x, as an ECharts markLine."""
    return {
        "symbol": "none",
        "animation": False,
        "silent": True,
        "lineStyle": {"color": "#7d8794", "width": 3, "type": "solid"},
        "label": {"formatter": text, "fontSize": 15, "fontWeight": "bold"},
        "data": [{"xAxis": x}],
    }


def _heading(text: str, subtext: str) -> dict:
    """A chart's title with a smaller text below it, as an ECharts title."""
    return {
        "text": text,
        "subtext": subtext,
        "left": 0,
        "textStyle": {"fontSize": 18, "lineHeight": 24},
        "subtextStyle": {"fontSize": 14, "lineHeight": 18},
    }


def table(head: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "plain") -> str:
    """A table with a head and a name in each row's first cell; cells are HTML."""
    heads = "".join(f"<th>{cell}</th>" for cell in head)
    body = "".join(f"<tr><th>{name}</th>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for name, *row in rows)
    return f'<div class="scroll"><table class="{kind}"><tr>{heads}</tr>{body}</table></div>'


def shaded(fraction: float, text: str) -> str:
    """A table cell's content with a background as strong as the fraction 0–1."""
    return f'<div class="shaded" style="--part:{fraction:.2f}">{text}</div>'


def columns(series: dict[str, Sequence[int]], x_name: str, y_name: str) -> dict:
    """A chart of grouped columns, one group a digit, as an ECharts option."""
    name = {"nameLocation": "middle", "nameTextStyle": {"fontSize": 15}, "axisLabel": {"fontSize": 14}}
    return {
        "animation": False,
        "color": COLOURS,
        "grid": {"left": 30, "right": 16, "top": 44, "bottom": 30, "containLabel": True},
        "legend": {"top": 4, "textStyle": {"fontSize": 15}},
        "tooltip": {"trigger": "axis"},
        "xAxis": name | {"type": "category", "data": [str(d) for d in DIGITS], "name": x_name, "nameGap": 32},
        "yAxis": name | {"type": "value", "name": y_name, "nameGap": 54},
        "series": [{"name": name, "type": "bar", "data": list(values)} for name, values in series.items()],
    }


def all_in_view(histories: dict[str, list[dict]], quantity: str) -> tuple[float | None, float | None]:
    """The same for the curves of several runs."""
    low, high = zip(*(in_view(history, quantity) for history in histories.values()), strict=True)
    return min(low), None if None in high else max(high)


def overlaid(histories: dict[str, list[dict]], quantity: str) -> dict:
    """A chart of "loss" or "accuracy" over the epochs for several runs, as an ECharts option.

    A run's test line is thick and its training line thin and dashed, in one colour.
    """
    series = {name: curves(thinned(history, 200), quantity) for name, history in histories.items()}
    view = all_in_view(histories, quantity)
    option = lines({name: each["test"] for name, each in series.items()}, "epoch", quantity, y_range=view)
    for colour, (name, each) in zip(COLOURS, series.items(), strict=False):
        thin = {"width": 1.5, "type": "dashed", "color": colour}
        line = {"name": name, "type": "line", "data": each["training"], "showSymbol": False, "lineStyle": thin}
        option["series"].append(line | {"color": colour})
    return option


def curves_png(histories: dict[str, list[dict]]) -> bytes:
    """The training curves of several runs by name, loss and accuracy, as a PNG for printing."""
    # Half a second and 40 MB: only when somebody asks for the picture.
    from matplotlib.figure import Figure

    figure = Figure(figsize=(12, 5), layout="constrained")
    for place, quantity in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        for colour, (name, history) in zip(COLOURS, histories.items(), strict=False):
            of = curves(history, quantity)
            place.plot(*zip(*of["training"], strict=True), color=colour, lw=1, ls="--", label=f"{name}, training")
            place.plot(*zip(*of["test"], strict=True), color=colour, marker="o", label=f"{name}, test")
        place.set(xlabel="epoch", ylabel=quantity, ylim=all_in_view(histories, quantity))
        place.grid(alpha=0.3)
        place.legend(fontsize="small")
    file = io.BytesIO()
    figure.savefig(file, format="png", dpi=150)
    return file.getvalue()


def curves(history: list[dict], quantity: str) -> dict[str, list[tuple[float, float]]]:
    """Records of training.train -> the training and test lines of "loss" or "accuracy" over epochs."""
    tested = [record for record in history if record[f"test_{quantity}"] is not None]
    return {
        "training": [(record["epoch"], round(record[quantity], 4)) for record in history],
        "test": [(record["epoch"], round(record[f"test_{quantity}"], 4)) for record in tested],
    }


def in_view(history: list[dict], quantity: str) -> tuple[float | None, float | None]:
    """The lowest and highest value of an axis on which training and test lines can be told apart.

    After the first fifth of an epoch the steep beginning is left out of view: it would press everything else flat.
    """
    later = [record for record in history if record["epoch"] > STEEP]
    if len(later) < 5:
        return (0, None)
    values = [record[name] for record in later for name in (quantity, f"test_{quantity}") if record[name] is not None]
    if quantity == "accuracy":
        grain = 0.05 if min(values) > 0.8 else 0.2
        return (round(math.floor(min(values) / grain) * grain, 2), 1)
    grain = 0.1 if max(values) < 1 else 0.5
    return (0, round(math.ceil(max(values) / grain) * grain, 2))


def thinned(history: list[dict], most: int) -> list[dict]:
    """Records of training.train, at most about `most` besides those with test figures: neighbours become their mean."""
    width = -(-len(history) // most)
    kept, group = [], []
    for record in history:
        group.append(record)
        if len(group) == width or record["test_loss"] is not None:
            means = {name: sum(each[name] for each in group) / len(group) for name in ("loss", "accuracy")}
            kept.append(record | means)
            group = []
    return kept + group[-1:]


def duration(seconds: float) -> str:
    """Seconds in words: 7 s, 1 min 40 s."""
    whole = max(1, round(seconds))
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def _png_url(image: np.ndarray) -> str:
    return _cached_png_url(image.tobytes(), image.dtype.str, image.shape)


@functools.lru_cache(maxsize=4096)
def _cached_png_url(pixels: bytes, dtype: str, shape: tuple[int, int]) -> str:
    return data_url(png(np.frombuffer(pixels, dtype).reshape(shape)))


def percent(fraction: float, decimals: int = 1) -> str:
    return f"{100 * fraction:.{decimals}f} %"
