"""The compiled loop learns what Keras learns."""

import csv
import itertools
from dataclasses import replace

import keras
import numpy as np
import pytest

from mnist_model import classifier, dataset, networks, shifting, training
from mnist_model.recipes import PRESETS, RECIPES

MNIST = dataset.load()


def seeded(build=networks.dense) -> keras.Model:
    keras.utils.set_random_seed(3)
    return build()


def test_every_network_has_a_recipe():
    assert list(networks.BUILDERS) == list(RECIPES)


@pytest.mark.parametrize("name", RECIPES)
def test_the_shipped_networks_began_with_the_weights_that_their_seed_gives_now(name):
    start = training.measure(networks.build(name, RECIPES[name]), MNIST.test_images, MNIST.test_labels)
    with (classifier.NETWORKS / name / "history.csv").open() as file:
        assert start.loss == pytest.approx(float(next(csv.DictReader(file))["test_loss"]), abs=1e-5)


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
    tested = [r["epoch"] for r in records if r["test_loss"] is not None]
    assert {0, 1, 2} <= set(tested)
    assert all(a["seconds"] <= b["seconds"] for a, b in itertools.pairwise(records))
    assert records[-1]["loss"] < records[0]["loss"] and records[-1]["test_accuracy"] > 0.7


def test_there_are_ten_records_a_second_also_of_a_slow_network():
    records = itertools.takewhile(
        lambda record: record["seconds"] < 4,
        training.train(seeded(networks.conv_global), RECIPES["conv-global"], MNIST),
    )
    times = [record["seconds"] for record in records][2:]  # the first call is compilation
    assert len(times) / (times[-1] - times[0]) > 10


def test_the_first_record_is_of_the_untrained_network():
    model = seeded()
    before = training.measure(model, MNIST.test_images, MNIST.test_labels)
    record = next(training.train(model, training.Recipe(), MNIST))
    assert record["examples"] == 0 and record["test_accuracy"] == before.accuracy < 0.3


def test_records_average_exactly_what_was_seen():
    model = seeded()
    before = training.measure(model, MNIST.train_images[:7], MNIST.train_labels[:7])
    records = training.train(model, training.Recipe(epochs=1, batch=32, examples=7), MNIST)
    for record in (next(records), next(records)):  # untrained, and in the only step
        assert record["loss"] == pytest.approx(before.loss, rel=1e-4)
        assert record["accuracy"] == pytest.approx(before.accuracy)


def test_a_learning_rate_far_too_large_is_said_to_be():
    with pytest.raises(training.Diverged, match=r"learning rate of 1e\+30 is too large"):
        list(training.train(seeded(), training.Recipe(learning_rate=1e30), MNIST))


def test_500_examples_and_50_epochs_overfit():
    records = list(training.train(seeded(), PRESETS["Overfitting"][1], MNIST))
    assert records[-1]["accuracy"] == 1 and records[-1]["test_accuracy"] < 0.9
    test = [record["test_loss"] for record in records if record["test_loss"] is not None]
    assert test[-1] > min(test) and records[-1]["loss"] < 0.1 * test[-1], "the curves part"


def test_too_large_a_learning_rate_learns_badly():
    network, recipe = PRESETS["Too large a learning rate"]
    small = {"epochs": 1, "examples": 20_000}
    good, bad = (
        list(training.train(networks.build(network, each), each, MNIST))[-1]["test_accuracy"]
        for each in (replace(RECIPES[network], **small), replace(recipe, **small))
    )
    assert good > 0.9 > bad


def test_a_run_folder_is_complete_and_usable(tmp_path):
    recipe = training.Recipe(epochs=1, batch=32, examples=640)
    model = seeded()
    history = list(training.train(model, recipe, MNIST))
    report = training.report(model, "dense", recipe, history)
    training.save(tmp_path, model, history, report)

    assert {p.name for p in tmp_path.iterdir()} == {
        "model.keras",
        "model.tflite",
        "layers.tflite",
        "weights.npz",
        "history.csv",
        "report.json",
    }
    saved = classifier.load(tmp_path)
    images = dataset.scale(MNIST.test_images[:50])
    assert saved.probabilities(images) == pytest.approx(model(images).numpy(), abs=1e-5)
    rows = list(csv.DictReader((tmp_path / "history.csv").open()))
    assert len(rows) >= 20 and float(rows[-1]["seconds"]) == pytest.approx(report["seconds"], abs=0.01)
    keys = "network recipe seed versions parameters seconds train_accuracy test_loss test_accuracy confusion_matrix"
    assert set(keys.split()) <= set(saved.report)
