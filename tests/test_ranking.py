"""Each order puts first what its name says."""

import numpy as np

from mnist_model.networks import ranking

PROBABILITIES = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.7, 0.3]])
LABELS = np.array([0, 0, 0, 0])


def test_the_least_sure_come_first():
    assert ranking.least_sure(PROBABILITIES).tolist() == [1, 3, 2, 0]


def test_only_mistakes_and_the_surest_first():
    assert ranking.surest_mistakes(PROBABILITIES, LABELS).tolist() == [2, 1]


def test_the_most_fragile_come_first_and_those_that_never_break_last():
    breaking = np.array([2, 0, 1, 1], np.uint8)
    assert ranking.most_fragile(breaking, PROBABILITIES).tolist() == [3, 2, 0, 1]
