"""The compiled loop learns what Keras learns."""

import csv
import itertools

import keras
import numpy as np
import pytest

from mnist_model import classifier, dataset, networks, shifting, training
from mnist_model.recipes import RECIPES

MNIST = dataset.load()


def seeded(build=networks.dense) -> keras.Model:
    keras.utils.set_random_seed(3)
    return build()


def test_every_network_has_a_recipe():
    assert list(networks.BUILDERS) == list(RECIPES)


def test_dense_is_the_tutorials_network():
    model = networks.dense()
    assert [type(layer).__name__ for layer in model.layers] == ["Flatten", "Dense", "Dense"]
    assert model.count_params() == 101_770


@pytest.mark.parametrize(
    ("build", "recipe", "tolerance"),
    [
        (networks.dense, training.Recipe(epochs=2, examples=1000, seed=5), 2e-4),  # the last batch has 8 examples
        (networks.conv, training.Recipe(epochs=2, examples=320, learning_rate=0.002, decay=True), 5e-4),
    ],
)
def test_the_loop_takes_the_same_steps_as_keras_fit(build, recipe, tolerance):
    ours, theirs = seeded(build), seeded(build)
    list(training.train(ours, recipe, MNIST))

    steps = 2 * -(-recipe.examples // 32)
    falling = keras.optimizers.schedules.CosineDecay(0.002, steps) if recipe.decay else 0.001
    theirs.compile(keras.optimizers.Adam(falling), "sparse_categorical_crossentropy")
    images, labels = dataset.scale(MNIST.train_images[: recipe.examples]), MNIST.train_labels[: recipe.examples]
    shuffle = np.random.default_rng(recipe.seed)
    for _ in range(2):
        order = shuffle.permutation(recipe.examples)
        theirs.fit(images[order], labels[order], batch_size=32, shuffle=False, verbose=0)

    for mine, other in zip(ours.get_weights(), theirs.get_weights(), strict=True):
        assert mine == pytest.approx(other, abs=tolerance)


def test_shifts_are_new_in_every_epoch_and_stay_within_the_recipes(monkeypatch):
    seen = []
    real = shifting.shift_each
    monkeypatch.setattr(shifting, "shift_each", lambda images, offsets: seen.append(offsets) or real(images, offsets))
    list(training.train(seeded(), training.Recipe(epochs=2, examples=500, shift=3), MNIST))
    assert len(seen) == 2 and not np.array_equal(*seen)
    assert all(set(np.unique(offsets)) == set(range(-3, 4)) for offsets in seen)


def test_records_say_what_happened():
    recipe = training.Recipe(epochs=2, batch=32, examples=2000)
    records = list(training.train(seeded(), recipe, MNIST))
    assert len(records) >= 40 and records[-1]["examples"] == 4000
    assert [r["epoch"] for r in records if r["test_loss"] is not None] == [1, 2]
    assert all(a["seconds"] <= b["seconds"] for a, b in itertools.pairwise(records))
    assert records[-1]["loss"] < records[0]["loss"] and records[-1]["test_accuracy"] > 0.7


def test_records_average_exactly_what_was_seen():
    model = seeded()
    before = training.measure(model, MNIST.train_images[:7], MNIST.train_labels[:7])
    record = next(training.train(model, training.Recipe(epochs=1, batch=32, examples=7), MNIST))
    assert record["loss"] == pytest.approx(before.loss, rel=1e-4)
    assert record["accuracy"] == pytest.approx(before.accuracy)


def test_a_run_folder_is_complete_and_usable(tmp_path):
    recipe = training.Recipe(epochs=1, batch=32, examples=640)
    model = seeded()
    history = list(training.train(model, recipe, MNIST))
    report = training.report(model, "dense", recipe, 1.0, MNIST)
    training.save(tmp_path / "run", model, history, report)

    assert {p.name for p in (tmp_path / "run").iterdir()} == {
        "model.keras",
        "model.tflite",
        "layers.tflite",
        "weights.npz",
        "history.csv",
        "report.json",
    }
    saved = classifier.load(tmp_path / "run")
    images = dataset.scale(MNIST.test_images[:50])
    assert saved.probabilities(images) == pytest.approx(model(images).numpy(), abs=1e-5)
    rows = list(csv.DictReader((tmp_path / "run" / "history.csv").open()))
    assert len(rows) >= 20 and float(rows[-1]["test_accuracy"]) == report["test_accuracy"]
    keys = "network recipe seed versions parameters seconds train_accuracy test_loss test_accuracy confusion_matrix"
    assert set(keys.split()) <= set(saved.report)


def test_saving_spares_a_folder_that_is_not_a_run(tmp_path):
    (tmp_path / "thesis.txt").write_text("my only copy")
    with pytest.raises(FileExistsError):
        training.save(tmp_path, seeded(), [], {})
    assert (tmp_path / "thesis.txt").exists()
