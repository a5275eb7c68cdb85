"""What a training learns from: images as hands would have changed them, digits in other styles, scribbles."""

import itertools
import threading

import numpy as np
import pytest
from PIL import Image

from mnist_model.images import dataset, drawing, pen
from mnist_model.networks import classifier
from mnist_model.networks.recipe import IMITATIONS, Recipe
from mnist_model.networks.run_folder import find
from mnist_model.training import augmentation, epochs, scribbles, synthetic_digits
from tests.steps import until

MNIST = dataset.load()
IMAGES, LABELS = MNIST.train_images[:600], MNIST.train_labels[:600]
FEW = {"epochs": 2, "examples": 600}


def rng(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


def imitated(kind: str) -> np.ndarray:
    return augmentation.imitated(dataset.scale(IMAGES), rng(), augmentation.HANDS[kind])


def test_every_imitation_has_a_hand():
    assert tuple(augmentation.HANDS) == IMITATIONS[1:]


@pytest.mark.parametrize("kind", IMITATIONS[1:])
def test_changed_images_are_images_and_differ_each_time(kind):
    once, again = imitated(kind), augmentation.imitated(dataset.scale(IMAGES), rng(1), augmentation.HANDS[kind])
    assert once.shape == (600, 28, 28) and once.dtype == np.float32
    assert once.min() >= 0 and once.max() <= 1
    assert np.abs(once - again).mean() > 0.02


def test_a_hand_that_changes_nothing_leaves_images_as_they_are():
    still = augmentation.Hand(0, 0, 1, 1, 0, -4, 0, 0, 0, 1)
    assert augmentation.imitated(dataset.scale(IMAGES), rng(), still) == pytest.approx(dataset.scale(IMAGES), abs=1e-5)


def test_a_move_is_a_shift_and_nothing_wraps_round():
    moving = augmentation.Hand(0, 0, 1, 1, 0, 5, 0, 0, 0, 1)
    dot = np.zeros((500, 28, 28), np.float32)
    dot[:, 13:15, 13:15] = 1
    moved = augmentation.imitated(dot, rng(), moving)
    assert moved.sum((1, 2)) == pytest.approx(4, abs=1e-3)
    places = drawing.centres_of_mass(moved)
    assert places.min() == pytest.approx(13.5 - 9, abs=0.2) and places.max() == pytest.approx(13.5 + 9, abs=0.2)
    edge = np.zeros((500, 28, 28), np.float32)
    edge[:, :, 0] = 1
    assert augmentation.imitated(edge, rng(), moving)[:, :, 20:].max() == 0


def test_a_turn_is_the_turn_of_a_picture():
    image = dataset.scale(IMAGES[:1])
    middle, source = augmentation.MIDDLE, augmentation._positions(1, rng(), augmentation.Hand(0, 0, 1, 1, 0, -4, 0))
    x, y = source[0] - middle
    angle = np.radians(20)
    turned = np.stack([np.cos(angle) * x + np.sin(angle) * y, np.cos(angle) * y - np.sin(angle) * x]) + middle
    ours = augmentation._read_at(image, turned[None].astype(np.float32))[0]
    theirs = np.asarray(Image.fromarray(image[0]).rotate(-20, Image.Resampling.BILINEAR))
    assert ours == pytest.approx(theirs, abs=0.02)


def test_turns_and_slants_go_either_way():
    none = {"smallest": 1, "largest": 1, "stretch": 0}
    for hand in (augmentation.Hand(turn=14, slant=0, **none), augmentation.Hand(turn=0, slant=0.3, **none)):
        to_the_side = augmentation._transformations(np.ones(400), rng(), hand)[:, 0, 1]
        assert abs((to_the_side > 0).mean() - 0.5) < 0.1 and abs(to_the_side.max() + to_the_side.min()) < 0.02


def test_strokes_become_thicker_and_thinner():
    ink = imitated("pens").sum((1, 2)) / imitated("moves").sum((1, 2)).clip(1)
    assert (ink < 0.9).mean() > 0.05 and (ink > 1.2).mean() > 0.2


def test_drawn_digits_are_read_as_what_they_are_meant_to_be():
    images, labels = synthetic_digits.digits(1000, rng())
    assert images.shape == (1000, 28, 28) and images.dtype == np.uint8
    assert (np.bincount(labels) == 100).all()
    said = classifier.load("conv-global").probabilities(dataset.scale(images)).argmax(1)
    right = [(said == labels)[labels == digit].mean() for digit in range(10)]
    assert np.mean(right) > 0.75, "conv-global has not seen these styles, but most of them are not far from MNIST's"


@pytest.mark.parametrize("digit", pen.DIGITS)
def test_every_style_of_a_digit_can_be_drawn(digit):
    for extremes in pen.DIGITS[digit].values():
        parsed = [pen._parsed(text) for text in extremes]
        shapes = {tuple(len(points) for points, _ in each) for each in parsed}
        corners = {tuple(map(tuple, (corners for _, corners in each))) for each in parsed}
        assert len(shapes) == len(corners) == 1, "the extremes of a style have the same points and corners"


def test_half_of_what_is_no_digit_are_letters_and_signs_and_none_looks_like_a_digit():
    assert not set(scribbles.LETTERS) & set("0123456789OoIilSsZzBbGgqCcJj()/|")
    for texts in scribbles.LETTERS.values():
        for text in texts:
            strokes = pen.written([text], rng())
            assert len(strokes) == text.count("|") + 1 and np.isfinite(np.concatenate(strokes)).all()
    images = scribbles.scribbles(40, rng())
    assert images.shape == (40, 28, 28) and (images.max((1, 2)) > 100).all()


def made(recipe: Recipe) -> list[epochs.Epoch]:
    return [epoch for epoch in epochs.epochs(IMAGES, LABELS, recipe) if epoch]


def test_an_epoch_has_mnist_and_drawn_digits_and_scribbles_with_labels_by_lot():
    first, second = made(Recipe(**FEW, drawn=100))
    assert len(first.images) == len(first.labels) == Recipe(**FEW, drawn=100).per_epoch == 600 + 100 + 25
    assert (first.images[:600] == IMAGES).all() and (second.images[:600] == IMAGES).all()
    assert (first.images[600:] != second.images[600:]).any((1, 2)).all(), "drawn anew"
    assert (np.bincount(first.labels[600:700]) == 10).all() and len(set(first.labels[700:])) > 5
    assert sorted(first.order) == list(range(725)) and (first.order != second.order).any()


def test_imitated_epochs_differ_and_are_the_same_for_the_same_seed():
    recipe = Recipe(**FEW, imitate="bends", drawn=100)
    (first, second), (again, _) = made(recipe), made(recipe)
    assert (first.images != second.images).any((1, 2)).mean() > 0.95
    assert all((a == b).all() for a, b in zip(first, again, strict=True))


def test_what_goes_wrong_while_an_epoch_is_made_ahead_is_not_lost():
    def items():
        yield 1
        raise ValueError("out of ink")

    made = epochs._ahead(items())
    assert next(made) == 1
    with pytest.raises(ValueError, match="out of ink"):
        next(made)


def test_epochs_that_nobody_wants_any_more_are_neither_made_nor_kept():
    before, yielded = threading.active_count(), []

    def items():
        for number in itertools.count():
            yielded.append(number)
            yield number

    made = epochs._ahead(items())
    assert next(made) == 0
    made.close()
    until(lambda: threading.active_count() == before, 5)
    assert len(yielded) <= 4


def test_what_is_shown_of_a_training_is_what_it_learned_from():
    recipe = find("dense-shifted").report().recipe
    first = next(epochs.epochs(MNIST.train_images, MNIST.train_labels, recipe))
    original, moved = epochs.learned(MNIST.train_images, MNIST.train_labels, recipe)
    assert (original == MNIST.train_images[:8]).all() and (moved == first.images[:8]).all()
    assert not (moved == original).all()
    for name in ("dense-shifted", "robust"):
        shown = epochs.learned(MNIST.train_images, MNIST.train_labels, find(name).report().recipe)
        assert np.abs(find(name).learned().astype(int) - shown).max() <= 1, "`make networks` makes the shipped ones"
    assert len(find("robust").learned()) == 3 and find("dense").learned() is None
    assert epochs.learned(IMAGES[:3], LABELS[:3], Recipe(drawn=50)).shape == (3, 3, 28, 28)
