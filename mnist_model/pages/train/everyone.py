"""Everyone's runs, a dot each: how much of an accuracy is luck."""

import streamlit as st

from mnist_model.networks.report import Report
from mnist_model.pages.shared import chosen, networks
from mnist_model.pages.shared.layout import chart
from mnist_model.render.charts import Dot, dots
from mnist_model.runs import store

FAR = "4"  # pixels
TEXT = (
    "A dot is a finished training on this server: point at it for its recipe. Where only the seeds differ, "
    "how far the dots lie apart is luck."
)


def show() -> None:
    """Test accuracy and accuracy at 4 px of all runs that were measured; nothing where there are not two to compare."""
    mine = chosen.own_runs()
    series: dict[str, list[Dot]] = {"others' runs": [], "your runs": []}
    for folder in store.runs():
        report = networks.report(folder.path)
        if report and report.evaluation and FAR in report.evaluation.accuracy_at_px:
            series["your runs" if str(folder.path) in mine else "others' runs"].append(dot(report))
    count = sum(map(len, series.values()))
    if count < 2:
        return
    st.subheader("Everyone's runs", anchor=False)
    st.caption(TEXT)
    option = dots(series, "test images, %", f"moved by {FAR} px, %")
    chart(option, f"Accuracy on the test images, and on those moved by {FAR} pixels, of {count} runs")


def dot(report: Report) -> Dot:
    found = report.evaluation
    assert found
    test, far = 100 * found.test_accuracy, 100 * found.accuracy_at_px[FAR]
    said = f"{report.network}: {report.described}\n{test:.1f} %, {far:.1f} % at {FAR} px"
    return Dot(round(test, 2), round(far, 2), said)
