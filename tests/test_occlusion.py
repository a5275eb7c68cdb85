"""An occlusion map is what covering the digit, square by square, does to its answer."""

import time

import numpy as np
import pytest

from mnist_model.images import dataset
from mnist_model.networks import classifier
from mnist_model.networks.occlusion import occlusion_map

IMAGES = dataset.scale(dataset.load().test_images[:20])
DENSE = classifier.load("dense")
BUDGET = 0.05  # seconds


def covered_slowly(image, row, column):
    """With 5×5 pixels of paper around a pixel, as far as they are in the frame."""
    covered = image.copy()
    for y in range(row - 2, row + 3):
        for x in range(column - 2, column + 3):
            if 0 <= y < 28 and 0 <= x < 28:
                covered[y, x] = 0
    return covered


@pytest.mark.parametrize("network", [DENSE, classifier.load("conv-global"), classifier.Centred(DENSE)])
def test_it_is_what_a_slow_count_says(network):
    for image in IMAGES[:2]:
        found, before = occlusion_map(network.probabilities, image), network.probabilities(image)[0]
        assert (found.answer, found.probability) == (before.argmax(), pytest.approx(before.max(), abs=1e-5))
        slow = np.stack([covered_slowly(image, row, column) for row in range(28) for column in range(28)])
        expected = network.probabilities(slow)[:, found.answer].reshape(28, 28)
        assert found.covered == pytest.approx(expected, abs=1e-5) and np.ptp(expected) > 1e-3


def test_where_there_is_no_ink_nothing_is_lost():
    found = occlusion_map(DENSE.probabilities, IMAGES[0])
    assert found.covered[:2, 14] == pytest.approx(found.probability) and IMAGES[0][:4, 12:17].sum() == 0


def test_it_keeps_its_time():
    times = []
    for image in IMAGES:
        begun = time.perf_counter()
        occlusion_map(DENSE.probabilities, image)
        times.append(time.perf_counter() - begun)
    assert min(times) < BUDGET
