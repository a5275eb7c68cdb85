"""Shifting never wraps; maps agree with a slow, obvious version."""

import numpy as np
import pytest

from mnist_model import classifier, dataset, shifting

DENSE = classifier.load("dense")


def slow_shift(image, dx, dy):
    result = np.zeros_like(image)
    for y in range(28):
        for x in range(28):
            if 0 <= y - dy < 28 and 0 <= x - dx < 28:
                result[y, x] = image[y - dy, x - dx]
    return result


@pytest.mark.parametrize("dx", [-40, -28, -27, -5, 0, 1, 14, 27, 28, 99])
@pytest.mark.parametrize("dy", [-28, -9, 0, 3, 28])
def test_shift_agrees_with_the_obvious_loop(dx, dy):
    image = np.random.default_rng(abs(dx * dy)).random((28, 28), np.float32)
    assert np.array_equal(shifting.shift(image, dx, dy), slow_shift(image, dx, dy))
    assert np.array_equal(shifting.shift(np.stack([image, image]), dx, dy)[1], slow_shift(image, dx, dy))


def test_right_and_down_are_positive():
    image = np.zeros((28, 28))
    image[10, 10] = 1
    assert shifting.shift(image, 3, -2)[8, 13] == 1


def test_ink_lost_is_what_has_left_the_frame():
    image = np.zeros((28, 28))
    image[:, 26:] = 1
    assert shifting.ink_lost(image, 1, 0) == pytest.approx(0.5)
    assert shifting.ink_lost(image, 28, 0) == 1
    assert shifting.ink_lost(image, -5, 0) == 0
    assert shifting.ink_lost(np.zeros((28, 28)), 3, 3) == 0


def test_the_place_map_holds_every_offset():
    image = dataset.scale(dataset.load().test_images[5])
    places = shifting.place_map(DENSE, image)
    assert places.shape == (29, 29, 10)
    for dx, dy in [(0, 0), (3, -2), (-14, 14), (14, 1)]:
        alone = DENSE.probabilities(shifting.shift(image, dx, dy))[0]
        assert places[dy + 14, dx + 14] == pytest.approx(alone, abs=1e-5)


def test_the_accuracy_map_counts_each_offset():
    mnist = dataset.load()
    images, labels = dataset.scale(mnist.test_images[:200]), mnist.test_labels[:200]
    counted = shifting.accuracy_map(DENSE, images, labels, reach=2)
    assert counted.shape == (5, 5)
    moved = np.stack([slow_shift(image, 2, -1) for image in images])
    assert counted[-1 + 2, 2 + 2] == np.mean(DENSE.probabilities(moved).argmax(1) == labels)


def test_accuracy_by_shift_is_the_mean_of_four_directions():
    mnist = dataset.load()
    images, labels = dataset.scale(mnist.test_images[:200]), mnist.test_labels[:200]
    by_shift = list(shifting.accuracy_by_shift(DENSE, images, labels, furthest=2))
    counted = shifting.accuracy_map(DENSE, images, labels, reach=2)
    assert by_shift[0] == counted[2, 2]
    assert by_shift[2] == pytest.approx(np.mean([counted[2, 0], counted[2, 4], counted[0, 2], counted[4, 2]]))


def test_a_shift_of_four_pixels_ruins_the_dense_network():
    mnist = dataset.load()
    images = dataset.scale(mnist.test_images)
    by_shift = list(shifting.accuracy_by_shift(DENSE, images, mnist.test_labels, furthest=4))
    assert by_shift[0] > 0.975 and by_shift[1] > 0.94 and by_shift[4] < 0.36
