"""A run as a notebook: it loads MNIST, builds this network in plain Keras, trains it alike, and measures it, moved too.

It needs TensorFlow and matplotlib, and nothing of this project. The order of the images and their moves are those of
training/epochs.py, from the same seed, so the network comes out the same but for roundings.
"""

from typing import Any

import numpy as np

from mnist_model.networks.keras_code import LOADING, model_code
from mnist_model.networks.positions import Shifts
from mnist_model.networks.report import Report

REACH = 8  # pixels
ABOUT = """# {network}, at home

{described}. It has {parameters:,} parameters. {found}This notebook trains the same network again, with TensorFlow, \
and moves the test images to see where it breaks. Run the cells from top to bottom."""
FOUND = "Nudge's own run read **{train:.2%}** of its training images and **{test:.2%}** of the 10,000 test images. "
TRAINING = """## Training

Each epoch goes through the training images in another order{moved}."""
VARIED = """ **Nudge also changed these images as people's hands would, and mixed drawn digits in: that is left out
here, so this network will not read as much.**"""
OURS = """ **Nudge also mixed digits of a class in, which are kept nowhere: that is left out here.**"""
SEED = "tf.keras.utils.set_random_seed({seed})  # the same random weights at the start"
SHIFT = """def shift(images, dx, dy):
    \"\"\"Move images by whole pixels, dx right and dy down; what leaves the frame is gone.\"\"\"
    moved = np.zeros_like(images)
    moved[:, max(dy, 0):28 + min(dy, 0), max(dx, 0):28 + min(dx, 0)] = \\
        images[:, max(-dy, 0):28 + min(-dy, 0), max(-dx, 0):28 + min(-dx, 0)]
    return moved"""
FIT = """rng = np.random.default_rng({seed})
images, labels = train_images[:{examples}], train_labels[:{examples}]
for epoch in range({epochs}):
{moving}    order = rng.permutation(len(images))
    model.fit({name}[order] / 255, labels[order], batch_size={batch}, shuffle=False)"""
MOVING = """    offsets = rng.integers(-{shift}, {shift} + 1, (len(images), 2))
    moved = np.concatenate([shift(images[i:i + 1], *offset) for i, offset in enumerate(offsets)])
"""
EVALUATE = "loss, accuracy = model.evaluate(test_images / 255, test_labels)"
BY_SHIFT = """def accuracy_at(dx, dy):
    return model.evaluate(shift(test_images, dx, dy) / 255, test_labels, batch_size=500, verbose=0)[1]

by_shift = [np.mean([accuracy_at(k, 0), accuracy_at(-k, 0), accuracy_at(0, k), accuracy_at(0, -k)])
            for k in range({count})]"""
PLOT = """plt.plot([100 * accuracy for accuracy in by_shift], "o-", label="this notebook")
{measured}plt.xlabel("shift k in pixels")
plt.ylabel("test images right, %")
plt.ylim(0, 100)
plt.legend()
plt.show()"""


def notebook(layers: list[tuple[str, dict[str, Any]]], report: Report, shifts: Shifts | None) -> str:
    """A network's layers, as RunFolder.keras_layers has them, its report, and what was measured of it, moved.

    As the text of an .ipynb file.
    """
    from nbformat import v4  # a third of a second, and only who takes a network home needs it

    parts: Any = v4  # without types
    new = (parts.new_code_cell, parts.new_markdown_cell)
    cells = [new[is_text](text, id=f"cell-{i}") for i, (is_text, text) in enumerate(_cells(layers, report, shifts))]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    made: str = parts.writes(parts.new_notebook(cells=cells, metadata={"kernelspec": kernel}))
    return made


def _cells(layers: list[tuple[str, dict[str, Any]]], report: Report, shifts: Shifts | None) -> list[tuple[bool, str]]:
    """Each cell: whether it is a text, and what is in it."""
    recipe = report.recipe
    found = report.evaluation
    told = FOUND.format(train=found.train_accuracy, test=found.test_accuracy) if found else ""
    moved = f", each moved at random by up to {recipe.shift} px" if recipe.shift else ""
    varied = VARIED if recipe.imitate != "nothing" or recipe.drawn else ""
    varied += OURS if report.ours else ""
    about = {"network": report.network, "described": report.described.capitalize(), "parameters": report.parameters}
    return [
        (True, ABOUT.format(**about, found=told)),
        (False, LOADING + "import matplotlib.pyplot as plt\nimport numpy as np"),
        (True, "## The network"),
        (False, f"{SEED.format(seed=recipe.seed)}\n{model_code(layers, recipe)}\nmodel.summary()"),
        (True, TRAINING.format(moved=moved) + varied),
        (False, SHIFT),
        (False, _fit(report)),
        (True, "## How well it does\n\nOn images that it has never seen, which is the honest figure."),
        (False, EVALUATE),
        (True, "## Where it breaks\n\nThe mean of right, left, down and up; this takes a while."),
        (False, BY_SHIFT.format(count=REACH + 1)),
        (False, PLOT.format(measured=_measured(shifts))),
    ]


def _fit(report: Report) -> str:
    recipe = report.recipe
    moving = MOVING.format(shift=recipe.shift) if recipe.shift else ""
    name, epochs = "moved" if moving else "images", int(np.ceil(report.epochs))
    values = {"seed": recipe.seed, "examples": recipe.examples, "batch": recipe.batch}
    return FIT.format(**values, epochs=epochs, moving=moving, name=name)


def _measured(shifts: Shifts | None) -> str:
    """The line that draws what Nudge measured, if it did."""
    if shifts is None:
        return ""
    percent = [round(100 * float(value), 2) for value in shifts.by_shift[: REACH + 1]]
    return f'plt.plot({percent}, "--", label="Nudge\'s own run")\n'
