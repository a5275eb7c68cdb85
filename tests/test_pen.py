"""The pen of our own draws every style as MNIST's images are prepared, and no two drawings alike."""

import numpy as np

from mnist_model.images import drawing, pen
from mnist_model.networks import classifier
from mnist_model.training import scribbles, synthetic_digits


def test_its_images_are_prepared_as_mnists_are():
    images, labels = synthetic_digits.digits(200, np.random.default_rng(0))
    assert images.shape == (200, 28, 28) and images.dtype == np.uint8
    assert np.bincount(labels, minlength=10).tolist() == [20] * 10
    for image in images[:50] / 255.0:
        inked = image > 0.1
        assert max(np.ptp(np.flatnonzero(inked.any(axis))) + 1 for axis in (0, 1)) <= 22
        assert np.abs(drawing.off_centre(image)).max() <= 0.5


def test_they_are_other_ones_each_time_and_the_same_with_the_same_seed():
    first, again, other = (synthetic_digits.digits(40, np.random.default_rng(seed))[0] for seed in (1, 1, 2))
    assert (first == again).all()
    assert len(np.unique(first.reshape(40, -1), axis=0)) == 40
    assert (first != other).any((1, 2)).all()


def test_letters_and_signs_are_taken_for_no_digit():
    images = scribbles.scribbles(300, np.random.default_rng(5))
    assert images.shape == (300, 28, 28) and images.any((1, 2)).all()
    surest = classifier.load("robust").probabilities(np.float32(images / 255)).max(1)
    assert (surest > 0.9).mean() < 0.1


def test_a_line_goes_through_its_points_and_breaks_only_at_its_corners():
    points = np.array([[0, 0], [50, 0], [50, 80], [0, 80]], float)
    corners = np.array([False, True, False, False])
    for marked in (None, corners):
        line = pen.smooth(points, marked)
        assert all(np.abs(line - point).sum(1).min() < 1e-9 for point in points)
    directions = np.diff(pen.smooth(points, corners), axis=0)
    turns = np.abs(np.diff(np.unwrap(np.arctan2(directions[:, 1], directions[:, 0]))))
    assert turns.argmax() == pen.SMOOTHNESS - 1 and turns.max() > 0.8
