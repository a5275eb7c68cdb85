"""The README's tables are the measured figures."""

import json

import pytest

from mnist_model import classifier, measured
from mnist_model.remedies import REMEDIES
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.title)
def test_the_verdict_is_the_measured_one(remedy):
    report = classifier.load(remedy.network).report
    shifts = measured.read(classifier.NETWORKS / remedy.network, remedy.centred)
    accuracies = " | ".join(f"{100 * value:.1f}" for value in (*shifts.by_shift[[0, 2, 4, 6]], shifts.nearby))
    row = f"| {remedy.title} | {report['parameters']:,} | {report['seconds']:.0f} s | {accuracies} |"
    assert row in README


@pytest.mark.parametrize("name", ["dense", "conv", "conv-global"])
def test_the_shuffled_figures_are_the_measured_ones(name):
    shuffled = json.loads((classifier.NETWORKS / name / "shuffled.json").read_text())["test_accuracy"]
    assert f"| {name} | {100 * classifier.load(name).report['test_accuracy']:.1f} | {100 * shuffled:.1f} |" in README
