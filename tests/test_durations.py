"""Estimates are near what trainings took, and grow with what is asked."""

from dataclasses import replace

import pytest

from mnist_model.networks.history import Record
from mnist_model.networks.registry import NETWORKS
from mnist_model.networks.run_folder import RunFolder, find
from mnist_model.runs import durations

DENSE = NETWORKS["dense"].recipe


@pytest.mark.parametrize("name", NETWORKS)
def test_the_shipped_networks_took_what_is_estimated(name):
    assert durations.training(name, NETWORKS[name].recipe) == pytest.approx(find(name).report().seconds)


def test_more_work_takes_longer():
    base = durations.seconds("dense", DENSE)
    for more in ({"epochs": 10}, {"hidden": 256}, {"batch": 8}):
        assert durations.seconds("dense", replace(DENSE, **more)) > base
    assert durations.seconds("dense", replace(DENSE, examples=1000)) < base
    assert durations.seconds("conv-global", NETWORKS["conv-global"].recipe) > base


def test_a_machine_twice_as_slow_is_believed():
    report = find("dense").report()
    slow = replace(report, seconds=2 * report.seconds)
    assert durations.seconds("dense", DENSE, [slow]) == pytest.approx(
        2 * durations.seconds("dense", DENSE) - durations.STARTING
    )


def test_speed_and_time_left_leave_compilation_out():
    seen = ((0, 0, 0.0), (0.5, 1000, 5.0), (1, 2000, 6.0))
    history = [Record(*each, loss=1.0, accuracy=0.5, test_loss=None, test_accuracy=None) for each in seen]
    assert durations.examples_per_second(history) == pytest.approx(1000)
    assert durations.seconds_left(history, 3) == pytest.approx(4)
    assert durations.examples_per_second(history[:2]) is None is durations.seconds_left(history[:2], 3)


def test_a_network_that_is_not_shipped_yet_has_an_estimate_too(monkeypatch, tmp_path):
    monkeypatch.setattr(durations, "find", lambda name: find(name) if name == "dense" else RunFolder(tmp_path))
    assert durations.training("conv", NETWORKS["conv"].recipe) == find("dense").report().seconds
