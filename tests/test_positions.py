"""What the shift command keeps agrees with counting it again; the shipped figures are true and meet their bars."""

import json
from pathlib import Path

import numpy as np
import pytest

from mnist_model.images import dataset, shifting
from mnist_model.networks import classifier, positions
from mnist_model.networks.places import summarise_places
from mnist_model.networks.positions import PLACES
from mnist_model.networks.registry import NETWORKS
from mnist_model.networks.remedies import REMEDIES, Remedy
from mnist_model.networks.run_folder import SHIPPED, find, shipped

MNIST = dataset.load()
IMAGES = dataset.scale(MNIST.test_images)
MEASURED = {remedy.title: find(remedy.network).shifts(remedy.centred) for remedy in REMEDIES}
DENSE = classifier.load("dense")
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
    return classifier.front(classifier.load(remedy.network), remedy.centred)


@pytest.mark.parametrize("network", [DENSE, classifier.load("conv-global"), classifier.Centred(DENSE)])
def test_the_place_map_holds_every_offset(network):
    image = dataset.scale(MNIST.test_images[5])
    places = positions.place_map(network, image)
    assert places.shape == (29, 29, 10)
    for dx, dy in [(0, 0), (3, -2), (-14, 14), (14, 1)]:
        alone = network.probabilities(shifting.shift(image, dx, dy))[0]
        assert places[dy + 14, dx + 14] == pytest.approx(alone, abs=1e-5)


def test_the_breaking_point_is_the_first_shift_with_another_answer():
    answers = np.array([[7, 7, 7, 2, 7], [7, 1, 7, 7, 7], [7, 7, 7, 7, 7]])
    assert positions.breaking_points(answers).tolist() == [3, 1, 0]


def test_breaking_points_of_a_digit_in_eight_directions():
    image = dataset.scale(MNIST.test_images[0])
    points = positions.breaking_points(positions.along_directions(positions.place_map(DENSE, image)))

    def answer(k, dx, dy):
        return DENSE.probabilities(shifting.shift(image, k * dx, k * dy)).argmax()

    for way, point in zip(shifting.DIRECTIONS.values(), points, strict=True):
        changed = [k for k in range(1, 15) if answer(k, *way) != answer(0, *way)]
        assert point == (changed[0] if changed else 0)


def test_measuring_agrees_with_counting_each_offset_and_with_breaking_points_one_by_one():
    images, labels, seen = IMAGES[:60], MNIST.test_labels[:60], []
    measured = positions.summarise(positions.ask(DENSE, images, positions.MEASURED, seen.append), labels)
    assert seen == list(range(1, 17 * 17 + 8 * 6 + 1))
    for dx, dy in [(0, 0), (-8, 8), (3, 0), (0, -5), (2, -1)]:
        right = DENSE.probabilities(shifting.shift(images, dx, dy)).argmax(1) == labels
        assert measured.map[dy + 8, dx + 8] == right.mean()
    for k in (3, 11):
        straight = [shifting.shift(images, *offset) for offset in [(k, 0), (-k, 0), (0, k), (0, -k)]]
        right = [DENSE.probabilities(each).argmax(1) == labels for each in straight]
        assert measured.by_shift[k] == pytest.approx(np.mean(right))
    for image, point in zip(images, measured.breaking, strict=True):
        points = positions.breaking_points(positions.along_directions(positions.place_map(DENSE, image)))
        assert point == (points[points > 0].min() if points.any() else 0)


def moved_slowly(image, dx, dy):
    """Pixel by pixel."""
    moved = np.zeros_like(image)
    for y, x in np.ndindex(28, 28):
        if 0 <= y - dy < 28 and 0 <= x - dx < 28:
            moved[y, x] = image[y - dy, x - dx]
    return moved


def counted_slowly(network, images, labels):
    """Right at all 49 places, moves to another answer, right at the corners: image by image, place by place."""
    everywhere, changed, corners, near = 0, 0, 0, range(-3, 4)
    for image, label in zip(images, labels, strict=True):
        stack = np.stack([moved_slowly(image, dx, dy) for dx in near for dy in near])
        said = dict(zip([(dx, dy) for dx in near for dy in near], network.probabilities(stack).argmax(1), strict=True))
        everywhere += all(answer == label for answer in said.values())
        for (dx, dy), answer in said.items():
            changed += said.get((dx + 1, dy), answer) != answer
            changed += said.get((dx, dy + 1), answer) != answer
            corners += abs(dx) == abs(dy) == 3 and answer == label
    return everywhere / len(images), changed / len(images) / 84, corners / len(images) / 4


@pytest.mark.parametrize("network", ["dense", "conv-global"])
def test_the_figures_within_3_px_are_those_of_a_slow_count(network):
    images, labels, known = IMAGES[:200], MNIST.test_labels[:200], classifier.load(network)
    places = summarise_places(positions.ask(known, images, PLACES), labels)
    assert places == pytest.approx(counted_slowly(known, images, labels))
    assert len(set(places)) == 3, "or the test would say nothing"


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.title)
def test_the_shipped_figures_within_3_px_are_true(remedy):
    places, shifts = find(remedy.network).places(remedy.centred), MEASURED[remedy.title]
    near = shifts.map[5:-5, 5:-5]
    assert places.mnist_c == pytest.approx(near[::6, ::6].mean())
    assert places.everywhere <= near.min()
    few = slice(None, None, 40)
    counted = summarise_places(positions.ask(front(remedy), IMAGES[few], PLACES), MNIST.test_labels[few])
    assert places == pytest.approx(counted, abs=0.07), "within what 250 images can say"


def test_mnist_c_draws_one_corner_an_image():
    """As corruptions.py has it: translate(x, severity=3) moves by 3·(±1) each way, drawn by lot."""
    offsets = 3 * np.random.default_rng(0).choice([-1, 1], (len(IMAGES), 2))
    right = np.mean(DENSE.probabilities(shifting.shift_each(IMAGES, offsets)).argmax(1) == MNIST.test_labels)
    assert find("dense").places().mnist_c == pytest.approx(right, abs=0.015)


def test_half_of_the_images_break_by_the_median():
    assert positions.half_broken_by(np.array([1, 2, 3, 0, 0], np.uint8)) == 3
    assert positions.half_broken_by(np.array([1, 0, 0], np.uint8)) is None, "within 14 px they do not"


def test_how_many_images_are_broken_by_k_pixels():
    labels = np.repeat(np.arange(10), 3)
    breaking = np.full(30, 9)
    breaking[12:15] = [1, 2, 0]
    parts = positions.broken_by(breaking, labels)
    assert parts[4] == pytest.approx([1 / 3] + [2 / 3] * 7) and not parts[7].any()


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.title)
@pytest.mark.parametrize(("dx", "dy"), [(0, 0), (-3, 2)])
def test_the_shipped_accuracy_maps_are_true(remedy, dx, dy):
    counted = np.mean(front(remedy).probabilities(shifting.shift(IMAGES, dx, dy)).argmax(1) == MNIST.test_labels)
    assert MEASURED[remedy.title].map[dy + 8, dx + 8] == pytest.approx(counted, abs=2e-4)


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.title)
def test_the_shipped_breaking_points_are_true(remedy):
    index = np.arange(0, 10_000, 500)
    for i in index:
        places = positions.place_map(front(remedy), IMAGES[i])
        points = positions.breaking_points(positions.along_directions(places))
        assert MEASURED[remedy.title].breaking[i] == (points[points > 0].min() if points.any() else 0)


@pytest.mark.parametrize("k", DESIGN)
def test_dense_fails_as_it_was_measured_to_fail(k):
    expected, within = DESIGN[k]
    assert 100 * MEASURED["dense"].by_shift[k] == pytest.approx(expected, abs=within)


def test_the_remedies_do_what_is_claimed_of_them():
    dense, centred, shifted, conv, pooled, robust = (MEASURED[remedy.title].by_shift for remedy in REMEDIES)
    assert conv[0] >= 0.985
    assert robust[0] >= 0.993
    assert pooled[0] >= 0.99 and pooled[4] >= 0.975
    assert shifted[4] >= 0.90
    assert centred[0] == pytest.approx(dense[0], abs=5e-4) and centred[4] > dense[0] - 0.005


def test_the_words_of_the_verdict_are_true():
    dense, centred, shifted, conv, pooled, robust = (MEASURED[remedy.title].by_shift for remedy in REMEDIES)
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


@pytest.mark.parametrize("name", shipped())
def test_every_figure_names_its_origin(name):
    folder = SHIPPED / name
    files = [folder / file for file in ("report.json", "shift.json", "places.json", "shuffled.json")]
    for file in filter(Path.exists, files):
        kept = json.loads(file.read_text())
        assert kept["command"].startswith("python -m mnist_model") and name in kept["command"]
        assert kept["seed"] == NETWORKS[name].recipe.seed and {"tensorflow", "ai-edge-litert"} <= set(kept["versions"])


def test_the_words_about_shuffled_pixels_are_true():
    shuffled = {name: find(name).shuffled_accuracy() for name in ("dense", "conv", "conv-global")}
    before = {name: classifier.load(name).report.evaluation.test_accuracy for name in shuffled}
    assert abs(shuffled["dense"] - before["dense"]) < 0.005, "the dense network does as well as ever"
    for name in ("conv", "conv-global"):
        assert before[name] > before["dense"] and shuffled[name] < shuffled["dense"], "they lose their edge"


def test_the_ways_that_change_an_answer_are_those_in_which_it_differs():
    image, network = IMAGES[0], DENSE
    answer = lambda dx, dy: network.probabilities(shifting.shift(image, dx, dy))[0].argmax()  # noqa: E731
    for k in (1, 3, 5):
        expected = [name for name, (dx, dy) in shifting.DIRECTIONS.items() if answer(k * dx, k * dy) != answer(0, 0)]
        assert positions.directions_that_change(network, image, k) == expected
