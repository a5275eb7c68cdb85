"""Estimates are near what trainings took, and grow with what is asked."""

from dataclasses import replace

import pytest

from mnist_model import classifier, estimates
from mnist_model.recipes import RECIPES, Recipe

DENSE = RECIPES["dense"]


@pytest.mark.parametrize("name", RECIPES)
def test_the_shipped_networks_took_what_is_estimated(name):
    assert estimates.training(name, RECIPES[name]) == pytest.approx(classifier.load(name).report["seconds"])


def test_more_work_takes_longer():
    base = estimates.seconds("dense", DENSE)
    for more in ({"epochs": 10}, {"hidden": 256}, {"batch": 8}):
        assert estimates.seconds("dense", replace(DENSE, **more)) > base
    assert estimates.seconds("dense", replace(DENSE, examples=1000)) < base
    assert estimates.seconds("conv-global", RECIPES["conv-global"]) > base


def test_a_machine_twice_as_slow_is_believed():
    report = classifier.load("dense").report
    slow = report | {"seconds": 2 * report["seconds"], "epochs": 5}
    assert estimates.seconds("dense", DENSE, [slow]) == pytest.approx(
        2 * estimates.seconds("dense", DENSE) - estimates.STARTING
    )


def test_speed_and_time_left_leave_compilation_out():
    history = [
        {"epoch": 0, "examples": 0, "seconds": 0.0},
        {"epoch": 0.5, "examples": 1000, "seconds": 5.0},
        {"epoch": 1, "examples": 2000, "seconds": 6.0},
    ]
    assert estimates.examples_per_second(history) == pytest.approx(1000)
    assert estimates.seconds_left(history, 3) == pytest.approx(4)
    assert estimates.examples_per_second(history[:2]) is None is estimates.seconds_left(history[:2], 3)


def test_a_recipe_that_a_run_kept_is_understood():
    assert Recipe(**classifier.load("dense").report["recipe"]) == DENSE
