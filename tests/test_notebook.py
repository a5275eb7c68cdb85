"""A run as a notebook runs anywhere with TensorFlow, and finds what the run found."""

import re

import matplotlib
import nbformat
import numpy as np
import pytest

from mnist_model.images import dataset
from mnist_model.networks.notebook import notebook
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.run_folder import RunFolder, find, shipped

MNIST = dataset.load()


@pytest.fixture(autouse=True)
def tutorial(monkeypatch):
    """What the tutorial's lines load: there is no internet here; and no window for a chart."""
    import tensorflow as tf

    monkeypatch.setattr(tf.keras.datasets.mnist, "load_data", lambda: (MNIST[:2], MNIST[2:]))
    matplotlib.use("agg")


def code(text: str) -> list[str]:
    made = nbformat.reads(text, as_version=4)
    nbformat.validate(made)
    return [cell.source for cell in made.cells if cell.cell_type == "code"]


@pytest.mark.parametrize("recipe", [Recipe(epochs=2, examples=2000, seed=5), Recipe(epochs=1, examples=999, shift=2)])
def test_a_notebook_finds_the_accuracies_of_its_run(tmp_path, recipe):
    from mnist_model.training import run

    report = run.run("dense", recipe, MNIST, tmp_path / "run", lambda said: None, lambda: False)
    text = notebook(RunFolder(tmp_path / "run").keras_layers(), report, None)
    scope: dict = {}
    for cell in code(text):
        assert "mnist_model" not in cell
        exec(compile(cell.replace("range(9)", "(0, 2)"), "notebook", "exec"), scope)
    assert abs(scope["accuracy"] - report.evaluation.test_accuracy) <= 0.005
    assert scope["by_shift"][0] == pytest.approx(scope["accuracy"])
    assert scope["by_shift"][1] == pytest.approx(report.evaluation.accuracy_at_px["2"], abs=0.005)
    (curve,) = scope["plt"].gca().get_lines()
    assert curve.get_ydata() == pytest.approx(100 * np.array(scope["by_shift"]))
    scope["plt"].close()


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_network_s_notebook_says_what_it_found_and_how_it_was_trained(name):
    folder = find(name)
    report, shifts = folder.report(), folder.shifts()
    text = notebook(folder.keras_layers(), report, shifts)
    assert f"**{report.evaluation.test_accuracy:.2%}** of the 10,000 test images" in text
    assert ("left out" in text) == (name == "robust"), "what it leaves out, it says"
    *_, plot = code(text)
    (line,) = re.findall(r"plt.plot\((\[.*?\])", plot.partition("notebook")[2])
    assert eval(line) == pytest.approx(100 * shifts.by_shift[:9], abs=0.01)
    assert text == notebook(folder.keras_layers(), report, shifts), "the same file each time"
