"""Pictures are exact; tables, charts and sentences say what the arrays say."""

import base64
import io
import re
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from mnist_model.images import dataset
from mnist_model.networks.history import Record, thinned
from mnist_model.networks.run_folder import find
from mnist_model.percent import figure, percent, probability
from mnist_model.render import answers, charts, curves, pictures, png, tables, words
from mnist_model.render.report_page import report_page

MNIST = dataset.load()
DENSE = find("dense")
HISTORY = DENSE.history()
REPORT = DENSE.report()


def test_a_picture_holds_the_very_pixels():
    markup = pictures.picture(dataset.scale(MNIST.test_images[3]), "a <0>")
    encoded = re.search(r"base64,([^\"]+)", markup).group(1)
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(encoded)))), MNIST.test_images[3])
    assert 'alt="a &lt;0&gt;"' in markup and 'class="pixels"' in markup


def test_an_enlarged_png_repeats_each_pixel():
    image = np.asarray(Image.open(io.BytesIO(png.png(np.eye(28), enlarge=3))))
    assert np.array_equal(image, np.kron(np.eye(28), np.full((3, 3), 255)))


def test_the_table_shows_all_numbers():
    image = dataset.scale(MNIST.test_images[0])
    cells = re.findall(r">([^<>]+)</td>", tables.numbers(image, divided=False))
    assert np.array_equal(np.array(cells, int).reshape(28, 28), MNIST.test_images[0])
    divided = re.findall(r">([^<>]+)</td>", tables.numbers(image, divided=True))
    assert np.array(divided, float) == pytest.approx(image.ravel(), abs=0.0051)


def test_a_number_is_on_its_own_ink_and_dark_where_that_is_light():
    cells = re.findall(r'--ink:([\d.]+)" class="(\w*)">(\d+)', tables.numbers(np.array([[0.0, 0.4, 1.0]]), False))
    assert cells == [("0.00", "", "0"), ("0.40", "", "102"), ("1.00", "lit", "255")]


@pytest.mark.parametrize(
    "fraction, decimals, said",
    [
        *((0, 1, "0 %"), (1e-9, 1, "< 0.1 %"), (0.0005, 1, "0.1 %"), (0.5, 1, "50.0 %"), (0.9994, 1, "99.9 %")),
        *((0.99951, 1, "> 99.9 %"), (1, 1, "100 %"), (0.997, 0, "> 99 %"), (0.004, 0, "< 1 %"), (0.256, 0, "26 %")),
    ],
)
def test_rounding_never_says_all_or_nothing_of_what_is_neither(fraction, decimals, said):
    assert percent(fraction, decimals) == said
    assert figure(fraction, decimals) == said.removesuffix(" %")


def test_a_probability_is_never_nothing_and_never_all():
    assert [probability(value) for value in (0, 1, 0.25)] == ["< 0.1 %", "> 99.9 %", "25.0 %"]


def test_bars_and_answer_show_the_probabilities():
    probabilities = np.array([0.0, 0.25, 0, 0, 0, 0, 0, 0.7, 0.05, 0])
    markup = answers.bars(probabilities)
    assert re.findall(r"width:([\d.]+)%", markup)[7] == "70.0" and markup.count("best") == 1
    assert re.findall(r"<span>(\d)</span>", markup) == list("0123456789")
    assert ">7<" in answers.answer(probabilities, "ink 61.4") and "70.0 %" in answers.answer(probabilities, "")
    kinds = [answers.answer(probabilities, "", label, label == 3) for label in (7, 3, None)]
    assert re.findall('class="(answer[^"]*)"', "".join(kinds)) == ["answer right", "answer wrong changed", "answer"]
    heights = re.findall(r"--p:([\d.]+)", answers.columns(probabilities))
    assert [float(height) for height in heights] == probabilities.tolist()


def test_every_cell_of_the_confusion_matrix_can_be_picked():
    matrix = np.arange(100).reshape(10, 10)
    markup = tables.confusion(matrix, chosen="4,9")
    assert re.findall(r'data-pick="(\d,\d)"', markup) == [f"{t},{p}" for t in range(10) for p in range(10)]
    assert re.search(r'data-pick="4,9"[^>]*aria-pressed="true">49<', markup)
    assert "49 images of a 4 read as 9" in markup
    classes = re.findall(r'<td class="(\w+)"', markup)
    assert [i for i, kind in enumerate(classes) if kind == "right"] == [11 * digit for digit in range(10)]


def test_the_redder_the_more_mistakes():
    matrix = np.diag([900] * 10)
    matrix[4, 9], matrix[9, 4] = 40, 10
    parts = re.findall(r'class="wrong" style="--part:([\d.]+)"', tables.confusion(matrix))
    assert sorted(set(parts)) == ["0.00", "0.25", "1.00"]


def test_a_gallery_picks_by_value_and_marks_what_is_chosen():
    markup = tables.gallery(np.zeros((2, 28, 28)), ["a", "b"], ["5", "8"], "8")
    assert re.findall(r'data-pick="(\d)" aria-pressed="(\w+)"', markup) == [("5", "false"), ("8", "true")]
    assert re.findall(r"<span>(\w)</span>", markup) == ["a", "b"]


def test_a_table_has_its_cells_in_place():
    markup = tables.table(["a", "b"], [["x", "1"], ["y", "2"]])
    assert "<tr><th>a</th><th>b</th></tr>" in markup
    assert "<tr><th>y</th><td>2</td></tr>" in markup


def test_a_shade_is_as_strong_as_its_fraction():
    assert tables.shaded(0.25, 0.75) == '<div class="shaded" style="--part:0.25">75.0</div>'


def test_a_runs_row_has_its_figures_in_the_heads_order():
    name, recipe, parameters, seconds, training, test, at_2, at_4 = tables.run_row(
        "3", "<b>", "5 epochs", REPORT, "#123456", True
    )
    assert 'data-pick="3" aria-pressed="true"' in name and "#123456" in name and "&lt;b&gt;" in name
    found = REPORT.evaluation
    fractions = (found.train_accuracy, found.test_accuracy, found.accuracy_at_px["2"], found.accuracy_at_px["4"])
    assert [training, test, at_2, at_4] == [f"{100 * fraction:.1f}" for fraction in fractions]
    assert (recipe, parameters, seconds) == ("5 epochs", "101,770", f"{REPORT.seconds:.1f}")
    stopped = tables.run_row("3", "", "", replace(REPORT, evaluation=None), "", False)
    assert stopped[4:] == ["–"] * 4


def test_a_difference_is_after_minus_before_of_what_is_shown():
    assert tables.difference_row("conv", 0.988, 0.9551) == ["conv", "98.8 %", "95.5 %", "-3.3 points"]
    assert tables.difference_row("x", 0.5, 0.61)[-1] == tables.difference_row("x", 0.5, 0.61, 0.1)[-1] == "+11.0 points"
    assert tables.difference_row("x", 0.5, 0.41, 0.1)[1:] == ["50.0 %", "41.0 %", "none beyond chance"]
    assert tables.difference_row("x", None, 0.61) == ["x", "–", "61.0 %", "–"]


def test_the_mark_is_an_upright_line_and_the_axes_are_named():
    series = {"dense": [(0, 98), (1, 95)], "conv": [(0, 99)]}
    chart = charts.lines(series, "k", "%", 14, (0, 100), mark=(1, "1 px"), title=("a", "b"))
    assert [line["name"] for line in chart["series"]] == ["dense", "conv"]
    assert chart["series"][0]["data"] == [(0, 98), (1, 95)]
    assert chart["series"][0]["markLine"]["data"] == [{"xAxis": 1}]
    assert (chart["xAxis"]["name"], chart["xAxis"]["max"]) == ("k", 14)
    assert [chart["yAxis"][name] for name in ("name", "min", "max")] == ["%", 0, 100]
    assert (chart["title"]["text"], chart["title"]["subtext"]) == ("a", "b") and chart["legend"]["show"]


def test_a_band_lies_around_its_line_and_says_nothing_of_its_own():
    series, band = {"dense": [(0, 98), (1, 80)], "own": [(0, 90)]}, [(0, 97.5, 98.5), (1, 78, 82)]
    dense, _, low, area = charts.lines(series, "k", "%", bands={"dense": band})["series"]
    assert dense["data"] == series["dense"] and "stack" not in dense
    assert low["data"] == [(0, 97.5), (1, 78)] and area["data"] == [(0, 1.0), (1, 4)]
    assert low["stack"] == area["stack"] and "areaStyle" in area and "areaStyle" not in low
    assert [part["name"] for part in (low, area)] == ["dense"] * 2 and not low["tooltip"]["show"]


def test_columns_have_a_group_for_each_digit():
    chart = charts.columns({"training": range(10), "test": range(10, 20)}, "digit", "images")
    assert chart["xAxis"]["data"] == list("0123456789") and (chart["xAxis"]["name"], chart["yAxis"]["name"]) == (
        "digit",
        "images",
    )
    assert [line["data"] for line in chart["series"]] == [list(range(10)), list(range(10, 20))]


@pytest.mark.parametrize("quantity", curves.QUANTITIES)
def test_the_curves_are_the_records(quantity):
    both = curves.curves(HISTORY, quantity)
    assert len(both.training) == len(HISTORY) and {0, 1, 2, 3, 4, 5} <= {epoch for epoch, _ in both.test}
    scale = 100 if quantity == "accuracy" else 1
    assert both.training[-1] == (5, round(scale * getattr(HISTORY[-1], quantity), 4))
    assert both.test[-1] == (5, round(scale * getattr(HISTORY[-1], f"test_{quantity}"), 4))
    chart = curves.of_one(HISTORY, quantity, 5)
    assert [line["name"] for line in chart["series"]] == ["training", "test"]


def test_long_curves_are_thinned_and_keep_what_was_tested():
    history = [
        Record(i / 100, i, 0.0, float(i), 0.5, 1.0 if i % 100 == 0 else None, 0.5 if i % 100 == 0 else None)
        for i in range(1001)
    ]
    thin = thinned(history, 100)
    assert 100 <= len(thin) <= 130
    assert sum(record.test_loss is not None for record in thin) == 11
    assert thin[1].loss == pytest.approx(np.mean(range(1, 12)))
    assert thinned(history[:50], 100) == history[:50]


def test_the_view_leaves_the_steep_beginning_out():
    low, high = curves.in_view(HISTORY, "accuracy")
    assert 80 <= low < 100 * HISTORY[-1].test_accuracy < high == 100
    assert curves.in_view(HISTORY, "loss")[1] < HISTORY[0].loss
    assert curves.in_view(HISTORY[:3], "loss") == (0, None)
    assert curves.all_in_view([HISTORY, HISTORY[:3]], "loss") == (0, None)


def test_the_axes_begin_whole_and_say_so_when_they_settle():
    quick, slow = ([record._replace(seconds=record.examples * each) for record in HISTORY] for each in (1e-6, 1e-3))
    for history, settles in (
        (HISTORY[:3], False),
        ([r for r in slow if r.epoch < 1], False),
        (quick[:-1], False),
        (quick, True),
        (slow[:-1], True),
    ):
        accuracy, loss = (curves.of_one(history, quantity, 5)["yAxis"] for quantity in ("accuracy", "loss"))
        assert accuracy["max"] == 100 and loss["min"] == 0
        assert accuracy["name"] == (f"accuracy, % (axis from {accuracy['min']})" if settles else "accuracy, %")
        assert loss["name"] == (f"loss (axis up to {loss['max']:g})" if settles else "loss")
        assert (accuracy["min"] > 0) == (loss["max"] is not None) == settles


def test_runs_lie_over_one_another_each_in_one_colour():
    chart = curves.of_several({"a": HISTORY, "b": HISTORY}, "loss")
    assert [series["name"] for series in chart["series"]] == ["a", "b", "a", "b"]
    assert [series.get("color") for series in chart["series"][2:]] == chart["color"][:2]
    test, training = chart["series"][0], chart["series"][2]
    assert test["data"] == curves.curves(HISTORY, "loss").test and "type" not in test["lineStyle"]
    assert training["lineStyle"]["type"] == "dashed" and len(training["data"]) > len(test["data"])


@pytest.mark.parametrize("centred_at", [(0, 0), (2, 3), (-2.4, -1), (0.4, -3)])
def test_a_position_is_told_in_words(centred_at):
    told = {(0, 0): "in the middle", (2, 3): "3 px low and 2 px right", (-2.4, -1): "1 px high and 2 px left"}
    assert words.position(*centred_at) == told.get(centred_at, "3 px high")


def test_durations_and_counts_are_said_in_words():
    assert [words.duration(seconds) for seconds in (0.2, 7.4, 100, 23_780)] == [
        "1 s",
        "7 s",
        "1 min 40 s",
        "6 h 36 min",
    ]
    assert [words.counted(n, "image") for n in (0, 1, 2000)] == ["0 images", "1 image", "2,000 images"]


def evaluated(train: float, test: float):
    return REPORT.evaluation._replace(train_accuracy=train, test_accuracy=test)


def test_what_a_network_has_learned_by_heart_is_told_of_the_one_shown():
    said = words.learned_from(REPORT, evaluated(0.988, 0.978))
    assert "60,000 training images 5 times. It reads 1.0 points more of them than of new ones" in said
    short = replace(REPORT, epochs=1, recipe=replace(REPORT.recipe, examples=500, shift=2))
    said = words.learned_from(short, evaluated(0.9, 0.9))
    assert "500 training images once, changed anew each time. It reads new ones as well" in said
    assert "1.5 times. It reads new ones even better" in words.learned_from(
        replace(REPORT, epochs=1.5), evaluated(0.9, 0.95)
    )


@pytest.mark.parametrize("measured", [True, False])
def test_a_report_is_one_page_to_print(measured):
    report = REPORT if measured else replace(REPORT, evaluation=None)
    found = (DENSE.shifts(), DENSE.places()) if measured else (None, None)
    picture = Image.open(io.BytesIO(report_page(report, HISTORY, *found, "png")))
    assert picture.size == (1240, 1753), "A4 at 150 dots an inch"
    assert np.asarray(picture.convert("L")).std() > 10, "something is on it"
    document = report_page(report, HISTORY, *found, "pdf")
    assert document.startswith(b"%PDF") and document.count(b"/Type /Page ") == 1
