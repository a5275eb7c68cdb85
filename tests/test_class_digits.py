"""The class's digits, measured and taken home."""

import csv
import io
from html import escape

import numpy as np
import pytest
from PIL import Image
from streamlit.runtime.context import ContextProxy
from streamlit.testing.v1 import AppTest

from mnist_model.classroom import digits as class_digits
from mnist_model.classroom import exchange, people, room
from mnist_model.classroom.answers import breaks_at
from mnist_model.classroom.database import changing, reading
from mnist_model.classroom.digits import Digit
from mnist_model.classroom.measured import hold_out, measure
from mnist_model.images import dataset, shifting
from mnist_model.lesson import shelf
from mnist_model.networks import classifier
from mnist_model.networks.run_folder import shipped
from mnist_model.networks.uncertainty import wilson
from mnist_model.percent import percent

COUNT = 40
MNIST = dataset.load()
IMAGES, LABELS = dataset.scale(MNIST.test_images[:COUNT]), MNIST.test_labels[:COUNT]
DIGITS = [
    Digit(number, int(label), number % 4, image)
    for number, (image, label) in enumerate(zip(MNIST.test_images[:COUNT], LABELS, strict=True))
]


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),  # Wilson's interval as R's prop.test(right, total, correct = FALSE) gives it
    [(8, 10, 0.4902, 0.9433), (0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (97, 100, 0.9155, 0.9897), (0, 0, 0, 1)],
)
def test_a_share_of_few_is_as_sure_as_wilson_says(right, total, low, high):
    assert wilson(right, total) == pytest.approx((low, high), abs=1e-4)


def test_each_network_is_counted_as_it_answers():
    measured = measure(DIGITS, shipped())
    assert [each.network for each in measured.counted] == shipped()
    for each in measured.counted:
        network = classifier.load(each.network)
        assert (each.raw == (network.probabilities(IMAGES).argmax(1) == LABELS)).all()
        centred = classifier.front(network, True)
        assert (each.centred == (centred.probabilities(IMAGES).argmax(1) == LABELS)).all()


def test_what_no_network_reads_is_misread_by_all():
    wrong = DIGITS[0]._replace(label=(DIGITS[0].label + 1) % 10)
    assert [each.id for each in measure([wrong, DIGITS[1]], shipped()).misread_by_all] == [0]


def test_the_smallest_nudge_that_breaks_a_digit_is_found():
    network = classifier.load("dense")
    for image in IMAGES[:5]:
        smallest = breaks_at("dense", image)
        said = network.probabilities(image).argmax()
        for k in range(1, (smallest or 8) + 1):
            moved = [shifting.shift(image, k * dx, k * dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1) if dx or dy]
            changes = any(network.probabilities(each).argmax() != said for each in moved)
            assert changes == (k == smallest)


def test_everyone_stands_with_their_best_digit_once_best_first():
    standings = hold_out(measure(DIGITS, ["dense"]))
    assert len({each.name for each in standings}) == len(standings) == 4
    assert [each.pixels for each in standings] == sorted((each.pixels for each in standings), reverse=True)
    for each in standings:
        mine = [digit for digit in DIGITS if digit.number == each.digit.number]
        assert each.pixels == max(breaks_at("dense", digit.ink) for digit in mine)


def test_nobody_is_in_both_halves_and_all_digits_are_in_one():
    first, second = exchange.halves(DIGITS)
    assert not {each.number for each in first} & {each.number for each in second}
    assert sorted(each.id for each in first + second) == list(range(COUNT))


def test_the_files_hold_the_digits():
    with np.load(io.BytesIO(exchange.npz(DIGITS))) as file:
        assert {name: file[name].dtype for name in file} == dict.fromkeys(
            ["x_train", "y_train", "x_test", "y_test"], np.uint8
        )
        images, labels = (np.concatenate([file[f"{name}_train"], file[f"{name}_test"]]) for name in "xy")
    first, second = exchange.halves(DIGITS)
    assert (images == MNIST.test_images[[each.id for each in first + second]]).all()
    assert (labels == LABELS[[each.id for each in first + second]]).all()
    head, *rows = csv.reader(io.StringIO(exchange.table(DIGITS).decode()))
    assert len(head) == 785 and [int(row[0]) for row in rows] == LABELS.tolist()
    assert (np.array(rows, int)[:, 1:] == MNIST.test_images[:COUNT].reshape(COUNT, -1)).all()
    sheet = np.asarray(Image.open(io.BytesIO(exchange.sheet(DIGITS))))[::3, ::3]
    assert (sheet[:28, 30 * DIGITS[0].label :][:, :28] == 255 - MNIST.test_images[0]).all()


def page() -> None:
    from mnist_model.pages.classroom import measured

    measured.show()


def test_the_page_shows_what_was_measured_with_how_sure_it_is(monkeypatch):
    monkeypatch.setattr("mnist_model.pages.classroom.measured.our_digits", lambda: (DIGITS, ""))
    app = AppTest.from_function(page, default_timeout=120).run()
    app.button[0].click().run()
    assert not app.exception
    text = " ".join(each.proto.body for each in app.get("html"))
    right = int(measure(DIGITS, ["dense"]).counted[0].raw.sum())
    low, high = wilson(right, COUNT)
    assert f"{percent(right / COUNT)} <small>({percent(low, 0)} to {percent(high, 0)})" in text
    assert text.count("<figure>") >= 6 and len(app.get("download_button")) == 3


def test_without_digits_a_sentence_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path))
    monkeypatch.setenv("MNIST_REACHED_AT", "0.0.0.0:1")
    monkeypatch.setattr("mnist_model.pages.shared.teacher.is_teacher", lambda: True)
    app = AppTest.from_function(page, default_timeout=60).run()
    app.button[0].click().run()
    assert not app.exception and "Nobody has written a digit yet" in app.info[0].value


@pytest.mark.parametrize(("is_teacher", "gate_open"), [(True, False), (False, False), (False, True)])
def test_pupils_measure_and_take_home_no_digit_before_the_wall_is_open(monkeypatch, tmp_path, is_teacher, gate_open):
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path))
    monkeypatch.setenv("MNIST_REACHED_AT", "0.0.0.0:1")
    with changing() as connection:
        people.join(connection, 16 * "a")
        sent = class_digits.checked("12345678", DIGITS[0].label, DIGITS[0].levels.ravel().tolist(), [[[1, 2]]])
        class_digits.add(connection, 16 * "a", sent)
        room.change(connection, gate_open=gate_open)
        cookies = {"nudge_teacher": room.secret(connection)} if is_teacher else {}
    monkeypatch.setattr(ContextProxy, "cookies", cookies)
    app = AppTest.from_function(page, default_timeout=60).run()
    app.button[0].click().run()
    may = is_teacher or gate_open
    assert not app.exception and [each.value for each in app.info] == ([] if may else ["The wall is not open yet."])
    assert len(app.get("download_button")) == (3 if may else 0)


@pytest.mark.parametrize("is_teacher", [True, False])
def test_the_notes_are_the_teachers_only(monkeypatch, tmp_path, is_teacher):
    monkeypatch.setenv("MNIST_RUNS", str(tmp_path))
    monkeypatch.setenv("MNIST_REACHED_AT", "0.0.0.0:1")
    with reading() as connection:
        cookies = {"nudge_teacher": room.secret(connection)} if is_teacher else {"nudge_teacher": "x"}
    monkeypatch.setattr(ContextProxy, "cookies", cookies)
    app = AppTest.from_file("../app.py", default_timeout=60).run()
    app.switch_page("mnist_model/pages/classroom/page.py").run()
    assert not app.exception
    text = " ".join(each.proto.body for each in app.get("html"))
    notes = [step.note for lesson in shelf.lessons().values() for step in lesson.steps if step.note]
    assert notes and all((escape(" ".join(note.split())) in " ".join(text.split())) == is_teacher for note in notes)
