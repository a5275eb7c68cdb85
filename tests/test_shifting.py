"""Shifting never wraps; maps agree with a slow, obvious version."""

import numpy as np
import pytest

from mnist_model.images import dataset, shifting

MNIST = dataset.load()


def slow_shift(image, dx, dy):
    result = np.zeros_like(image)
    for y in range(28):
        for x in range(28):
            if 0 <= y - dy < 28 and 0 <= x - dx < 28:
                result[y, x] = image[y - dy, x - dx]
    return result


def test_shift_agrees_with_the_obvious_loop_at_every_offset():
    image = np.random.default_rng(0).random((28, 28), np.float32)
    for dx in range(-29, 30):
        for dy in (-40, *range(-29, 30, 2), 99):
            assert np.array_equal(shifting.shift(image, dx, dy), slow_shift(image, dx, dy)), (dx, dy)


def test_many_images_are_shifted_alike_and_bytes_too():
    images = np.random.default_rng(1).integers(0, 256, (3, 28, 28), np.uint8)
    assert np.array_equal(shifting.shift(images, -5, 9)[2], slow_shift(images[2], -5, 9))


def test_each_image_can_have_an_offset_of_its_own():
    generator = np.random.default_rng(2)
    images = generator.integers(0, 256, (200, 28, 28), np.uint8)
    offsets = generator.integers(-30, 31, (200, 2))
    expected = np.stack([slow_shift(image, *offset) for image, offset in zip(images, offsets, strict=True)])
    assert np.array_equal(shifting.shift_each(images, offsets), expected)


def test_everywhere_holds_every_offset():
    image = np.random.default_rng(3).random((28, 28), np.float32)
    moved = shifting.everywhere(image, reach=14)
    for dx, dy in [(0, 0), (-14, 14), (14, -3), (7, 1)]:
        assert np.array_equal(moved[dy + 14, dx + 14], slow_shift(image, dx, dy))


def test_right_and_down_are_positive():
    image = np.zeros((28, 28))
    image[10, 10] = 1
    assert shifting.shift(image, 3, -2)[8, 13] == 1


def test_ink_lost_is_what_has_left_the_frame():
    image = np.zeros((28, 28))
    image[:, 26:] = 1
    lost = shifting.ink_lost(image, 2)
    assert lost[2, 3] == pytest.approx(0.5) and lost[2, 4] == 1 and lost[2, 0] == 0
    assert not shifting.ink_lost(np.zeros((28, 28))).any()


def test_ink_lost_agrees_with_shifting_by_one_offset_at_a_time():
    image = dataset.scale(MNIST.test_images[8])
    lost = shifting.ink_lost(image)
    for dx, dy in [(0, 0), (5, -9), (-14, 14), (14, 0)]:
        left = shifting.shift(image, dx, dy).sum() / image.sum()
        assert lost[dy + 14, dx + 14] == pytest.approx(1 - left, abs=1e-6)
