"""Pictures are exact, charts and tables say what the arrays say."""

import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from mnist_model import classifier, dataset, figures, folders

MNIST = dataset.load()


def test_a_picture_holds_the_very_pixels():
    markup = figures.picture(dataset.scale(MNIST.test_images[3]), "a <0>")
    encoded = re.search(r"base64,([^\"]+)", markup).group(1)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded)))), MNIST.test_images[3])
    assert 'alt="a &lt;0&gt;"' in markup and 'class="pixels"' in markup


def test_an_enlarged_png_repeats_each_pixel():
    image = np.asarray(Image.open(io.BytesIO(figures.png(np.eye(28), enlarge=3))))
    assert np.array_equal(image, np.kron(np.eye(28), np.full((3, 3), 255)))


def test_the_table_shows_all_numbers():
    image = dataset.scale(MNIST.test_images[0])
    cells = re.findall(r">([^<>]+)</td>", figures.numbers(image, divided=False))
    assert np.array_equal(np.array(cells, int).reshape(28, 28), MNIST.test_images[0])
    divided = re.findall(r">([^<>]+)</td>", figures.numbers(image, divided=True))
    assert np.array(divided, float) == pytest.approx(image.ravel(), abs=0.0051)


def test_bars_and_answer_show_the_probabilities():
    probabilities = np.array([0.0, 0.25, 0, 0, 0, 0, 0, 0.7, 0.05, 0])
    markup = figures.bars(probabilities)
    assert re.findall(r"width:([\d.]+)%", markup)[7] == "70.0" and markup.count("best") == 1
    assert ">7<" in figures.answer(probabilities, "ink 61.4") and "70.0 %" in figures.answer(probabilities, "")
    assert "changed" in figures.answer(probabilities, "", changed=True)


def test_every_cell_of_the_confusion_matrix_can_be_picked():
    matrix = np.arange(100).reshape(10, 10)
    markup = figures.confusion(matrix, chosen="4,9")
    assert re.findall(r'data-pick="(\d,\d)"', markup) == [f"{t},{p}" for t in range(10) for p in range(10)]
    assert re.search(r'data-pick="4,9"[^>]*aria-pressed="true">49<', markup)


def test_the_mark_is_an_upright_line():
    chart = figures.lines({"dense": [(0, 98), (1, 95)], "conv": [(0, 99)]}, "k", "%", mark=(1, "1 px"))
    assert [series["name"] for series in chart["series"]] == ["dense", "conv"]
    assert chart["series"][0]["markLine"]["data"] == [{"xAxis": 1}]


def test_a_table_has_its_cells_in_place():
    markup = figures.table(["a", "b"], [["x", "1"], ["y", "2"]])
    assert "<tr><th>y</th><td>2</td></tr>" in markup


def test_the_shipped_networks_curves_can_be_drawn():
    history = folders.history(classifier.NETWORKS / "dense")
    curves = figures.curves(history, "accuracy")
    assert len(curves["training"]) >= 100 and {0, 1, 2, 3, 4, 5} <= {epoch for epoch, _ in curves["test"]}
    assert Image.open(io.BytesIO(figures.curves_png({"dense": history, "again": history}))).width == 1800


def test_long_curves_are_thinned_and_keep_what_was_tested():
    history = [
        {"epoch": i / 100, "loss": float(i), "accuracy": 0.5, "test_loss": 1.0 if i % 100 == 0 else None}
        for i in range(1001)
    ]
    thin = figures.thinned(history, 100)
    assert 100 <= len(thin) <= 130
    assert sum(record["test_loss"] is not None for record in thin) == 11
    assert thin[1]["loss"] == pytest.approx(np.mean(range(1, 12)))
    assert figures.thinned(history[:50], 100) == history[:50]


def test_the_view_leaves_the_steep_beginning_out():
    history = folders.history(classifier.NETWORKS / "dense")
    low, high = figures.in_view(history, "accuracy")
    assert 0.8 <= low < history[-1]["test_accuracy"] < high == 1
    assert figures.in_view(history, "loss")[1] < history[0]["loss"]
    assert figures.in_view(history[:3], "loss") == (0, None)


def test_runs_lie_over_one_another_each_in_one_colour():
    history = folders.history(classifier.NETWORKS / "dense")
    chart = figures.overlaid({"a": history, "b": history}, "loss")
    assert [series["name"] for series in chart["series"]] == ["a", "b", "a", "b"]
    assert [series.get("color") for series in chart["series"][2:]] == chart["color"][:2]


def test_durations_are_said_in_words():
    assert [figures.duration(seconds) for seconds in (0.2, 7.4, 100)] == ["1 s", "7 s", "1 min 40 s"]
