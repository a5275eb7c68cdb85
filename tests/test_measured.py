"""What the shift command keeps agrees with counting it again; the shipped figures are true and meet their bars."""

import json
from pathlib import Path

import numpy as np
import pytest

from mnist_model import classifier, dataset, measured, shifting
from mnist_model.remedies import REMEDIES, Remedy

MNIST = dataset.load()
IMAGES = dataset.scale(MNIST.test_images)
SHIPPED = {remedy.title: measured.read(classifier.NETWORKS / remedy.network, remedy.centred) for remedy in REMEDIES}
DESIGN = {
    0: (97.5, 1),
    1: (95.3, 1),
    2: (80.7, 5),
    3: (52.1, 5),
    4: (29.2, 5),
    5: (18.0, 2),
    6: (13.7, 2),
    8: (11.1, 2),
}


def front(remedy: Remedy):
    network = classifier.load(remedy.network)
    return classifier.Centred(network) if remedy.centred else network


def test_a_summary_agrees_with_the_accuracy_map_and_with_breaking_points_one_by_one():
    images, labels = IMAGES[:60], MNIST.test_labels[:60]
    dense = classifier.load("dense")
    answers = dict(zip(measured.OFFSETS, shifting.answers(dense, images, measured.OFFSETS), strict=True))
    summary = measured.summarise(answers, labels)
    assert summary.map == pytest.approx(shifting.accuracy_map(dense, images, labels))
    assert summary.by_shift[3] == pytest.approx(
        np.mean([summary.map[8 + dy, 8 + dx] for dx, dy in [(3, 0), (-3, 0), (0, 3), (0, -3)]])
    )
    for image, point in zip(images, summary.breaking, strict=True):
        points = shifting.breaking_points(shifting.along_directions(shifting.place_map(dense, image)))
        assert point == (points[points > 0].min() if points.any() else 0)


def test_figures_survive_being_written_and_read(tmp_path):
    kept = SHIPPED["dense"]
    measured.save(tmp_path, kept, centred=True, about={"command": "none"})
    again = measured.read(tmp_path, centred=True)
    assert all(np.array_equal(a, b) for a, b in zip(kept, again, strict=True))
    assert measured.exists(tmp_path, centred=True) and not measured.exists(tmp_path)


def test_how_many_images_are_broken_by_k_pixels():
    labels = np.repeat(np.arange(10), 3)
    breaking = np.full(30, 9)
    breaking[12:15] = [1, 2, 0]
    parts = measured.broken_by(breaking, labels)
    assert parts[4] == pytest.approx([1 / 3] + [2 / 3] * 7) and not parts[7].any()


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.title)
@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (-3, 2)])
def test_the_shipped_accuracy_maps_are_true(remedy, dx, dy):
    counted = np.mean(front(remedy).probabilities(shifting.shift(IMAGES, dx, dy)).argmax(1) == MNIST.test_labels)
    assert SHIPPED[remedy.title].map[dy + 8, dx + 8] == pytest.approx(counted, abs=2e-4)


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.title)
def test_the_shipped_breaking_points_are_true(remedy):
    index = np.arange(0, 10_000, 500)
    for i in index:
        places = shifting.place_map(front(remedy), IMAGES[i])
        points = shifting.breaking_points(shifting.along_directions(places))
        assert SHIPPED[remedy.title].breaking[i] == (points[points > 0].min() if points.any() else 0)


@pytest.mark.parametrize("k", DESIGN)
def test_dense_fails_as_it_was_measured_to_fail(k):
    expected, within = DESIGN[k]
    assert 100 * SHIPPED["dense"].by_shift[k] == pytest.approx(expected, abs=within)


def test_the_remedies_do_what_is_claimed_of_them():
    dense, centred, shifted, conv, pooled, robust = (SHIPPED[remedy.title].by_shift for remedy in REMEDIES)
    assert conv[0] >= 0.985
    assert robust[0] >= 0.993
    assert pooled[0] >= 0.99 and pooled[4] >= 0.975
    assert shifted[4] >= 0.90
    assert centred[0] == pytest.approx(dense[0], abs=5e-4) and centred[4] > dense[0] - 0.005


def test_the_words_of_the_verdict_are_true():
    dense, centred, shifted, conv, pooled, robust = (SHIPPED[remedy.title].by_shift for remedy in REMEDIES)
    assert conv[0] > dense[0] and conv[2] > dense[2] + 0.1, "without a shift better, at 2 pixels by far"
    assert conv[6] < 0.4 and dense[6] < 0.4, "at 6 pixels both are lost"
    assert min(centred[6], shifted[6], pooled[6]) > 0.9, "what helps"
    assert robust[6] > 0.9, "holds up here too"
    assert shifted[0] < dense[0] - 0.02, "which costs accuracy in the middle"


def test_centring_undoes_every_shift_that_keeps_the_ink_inside():
    centred = classifier.Centred(classifier.load("dense"))
    images = IMAGES[:2000]
    before = centred.probabilities(images)
    for dx, dy in [(4, 0), (-3, 2), (0, -5), (4, 4)]:
        moved = shifting.shift(images, dx, dy)
        inside = moved.sum((1, 2)) >= images.sum((1, 2)) - 1e-3
        assert inside.sum() > 100
        assert centred.probabilities(moved[inside]) == pytest.approx(before[inside], abs=1e-4)


@pytest.mark.parametrize("name", classifier.shipped())
def test_every_figure_names_its_origin(name):
    folder = classifier.NETWORKS / name
    files = [folder / file for file in ("report.json", "shift.json", "shuffled.json")]
    for file in filter(Path.exists, files):
        kept = json.loads(file.read_text())
        assert kept["command"].startswith("python -m mnist_model") and name in kept["command"]
        assert kept["seed"] == 0 and {"tensorflow", "ai-edge-litert"} <= set(kept["versions"])


def test_the_words_about_shuffled_pixels_are_true():
    shuffled = {
        name: json.loads((classifier.NETWORKS / name / "shuffled.json").read_text())["test_accuracy"]
        for name in ("dense", "conv", "conv-global")
    }
    before = {name: classifier.load(name).report["test_accuracy"] for name in shuffled}
    assert abs(shuffled["dense"] - before["dense"]) < 0.005, "the dense network does as well as ever"
    for name in ("conv", "conv-global"):
        assert before[name] > before["dense"] and shuffled[name] < shuffled["dense"], "they lose their edge"
