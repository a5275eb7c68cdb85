"""A run's report as one page to print: what it is, its curves, what it mixes up, how it does on shifted images.

The only use of matplotlib, half a second and 40 MB: imported when somebody asks for the page. pyplot is not safe in
threads, so that figures are made without it.
"""

import io
from typing import TYPE_CHECKING, Literal

import numpy as np

from mnist_model.networks.places import Places
from mnist_model.networks.positions import Shifts
from mnist_model.networks.report import Report
from mnist_model.render import words
from mnist_model.render.colours import LINE_COLOURS, TRAINING_AND_TEST
from mnist_model.render.curves import NAMES, QUANTITIES, History, curves, in_view

if TYPE_CHECKING:
    from matplotlib.axes import Axes

A4 = (8.27, 11.69)  # inches
FRAME = (0.06, 0.05, 0.88, 0.9)  # left, bottom, width, height: parts of the page, for printers' margins
NOT_YET = "not measured yet"


def report_page(
    report: Report, history: History, shifts: Shifts | None, places: Places | None, form: Literal["png", "pdf"]
) -> bytes:
    """The page, A4, as a file of the form. What has not been measured says so in its place."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=A4, layout=ConstrainedLayoutEngine(rect=FRAME))
    figure.suptitle(_title(report, places), fontsize=11, x=FRAME[0], y=sum(FRAME[1::2]), ha="left", va="top")
    (loss, accuracy), (confusion, by_shift) = figure.subplots(2, 2)
    for place, quantity in zip((loss, accuracy), QUANTITIES, strict=True):
        both = curves(history, quantity)
        place.plot(*zip(*both.training, strict=True), color=TRAINING_AND_TEST[0], lw=1, label="training images")
        place.plot(*zip(*both.test, strict=True), color=TRAINING_AND_TEST[1], marker=".", label="test images")
        place.set(title=NAMES[quantity].capitalize(), xlabel="epoch", ylim=in_view(history, quantity))
        place.grid(alpha=0.3)
        place.legend(fontsize="small")
    _draw_confusion(confusion, report)
    _draw_shifts(by_shift, shifts)
    file = io.BytesIO()
    figure.savefig(file, format=form, dpi=150)
    return file.getvalue()


def _title(report: Report, places: Places | None) -> str:
    found, said = report.evaluation, NOT_YET
    if found:
        said = words.right(found)
    cost = f"{report.parameters:,} parameters, trained in {report.seconds:.0f} s"
    near = words.places(places) if places else []
    return "\n".join([report.network, report.described, cost, said, *near])


def _draw_confusion(place: "Axes", report: Report) -> None:
    """Each count in its cell, mistakes the darker the more."""
    place.set(title="What it mixes up (10,000 test images)", xlabel="the network says", ylabel="digit")
    if report.evaluation is None:
        _say_not_yet(place)
        return
    matrix = np.array(report.evaluation.confusion_matrix)
    mistakes = matrix * (1 - np.eye(10))
    place.imshow(mistakes, cmap="Oranges", vmin=0, vmax=2 * mistakes.max())
    place.set(xticks=range(10), yticks=range(10))
    for true, predicted in np.ndindex(10, 10):
        place.text(predicted, true, str(matrix[true, predicted]), ha="center", va="center", fontsize=7)


def _draw_shifts(place: "Axes", shifts: Shifts | None) -> None:
    place.set(title="Shifted by k pixels", xlabel="k", ylabel="accuracy in %", ylim=(0, 100))
    if shifts is None:
        _say_not_yet(place)
        return
    place.plot(100 * shifts.by_shift, color=LINE_COLOURS[0], marker=".")
    place.grid(alpha=0.3)


def _say_not_yet(place: "Axes") -> None:
    place.text(0.5, 0.5, NOT_YET, ha="center", transform=place.transAxes)
