"""The compiled loop learns what Keras learns."""

import csv
import itertools
import json
from dataclasses import replace

import keras
import numpy as np
import pytest

from mnist_model.images import dataset, shifting
from mnist_model.networks import classifier
from mnist_model.networks.history import Record
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.registry import NETWORKS, PRESETS
from mnist_model.networks.run_folder import SHIPPED, RunFolder
from mnist_model.training import loop, models, run
from mnist_model.training.errors import Diverged, Stopped

MNIST = dataset.load()
LITTLE = MNIST._replace(test_images=MNIST.test_images[:500], test_labels=MNIST.test_labels[:500])  # to be tested on
DENSE, CONV = (NETWORKS[name].stack(Recipe()) for name in ("dense", "conv"))


def seeded(layers: str = DENSE) -> keras.Model:
    keras.utils.set_random_seed(3)
    return models.of_stack(layers)


def trained(model: keras.Model, recipe: Recipe, mnist=LITTLE) -> list[Record]:
    """The records of a training."""
    return [record for record in loop.train(model, recipe, mnist) if record]


@pytest.mark.parametrize("name", NETWORKS)
def test_the_shipped_networks_began_with_the_weights_that_their_seed_gives_now(name):
    start = loop.measure(models.build(name, NETWORKS[name].recipe), MNIST.test_images, MNIST.test_labels)
    with (SHIPPED / name / "history.csv").open() as file:
        assert start.loss == pytest.approx(float(next(csv.DictReader(file))["test_loss"]), abs=1e-5)


def test_dense_is_the_tutorials_network():
    model = models.of_stack(DENSE)
    assert [type(layer).__name__ for layer in model.layers] == ["Flatten", "Dense", "Dense"]
    assert model.count_params() == 101_770


@pytest.mark.parametrize(
    ("layers", "recipe", "tolerance"),
    [
        (DENSE, Recipe(epochs=2, examples=1000, seed=5), 2e-4),  # the last batch has 8 examples
        (CONV, Recipe(epochs=2, examples=320, learning_rate=0.002, decay=True), 5e-4),
    ],
)
def test_the_loop_takes_the_same_steps_as_keras_fit(layers, recipe, tolerance):
    ours, theirs = seeded(layers), seeded(layers)
    trained(ours, recipe)

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
    trained(seeded(), Recipe(epochs=2, examples=500, shift=3))
    assert len(seen) == 2 and not np.array_equal(*seen)
    assert all(set(np.unique(offsets)) == set(range(-3, 4)) for offsets in seen)


def test_records_say_what_happened():
    recipe = Recipe(epochs=2, batch=32, examples=2000)
    records = trained(seeded(), recipe, MNIST)
    assert len(records) >= 40 - 2 * 6 and records[-1].examples == 4000
    tested = [r.epoch for r in records if r.test_loss is not None]
    assert {0, 1, 2} <= set(tested)
    assert all(a.seconds <= b.seconds for a, b in itertools.pairwise(records))
    assert records[-1].loss < records[0].loss and records[-1].test_accuracy > 0.7


def test_the_first_record_is_of_the_untrained_network():
    model = seeded()
    before = loop.measure(model, MNIST.test_images, MNIST.test_labels)
    record = next(loop.train(model, Recipe(), MNIST))
    assert record.examples == 0 and record.test_accuracy == before.accuracy < 0.3


def test_a_training_can_be_stopped_while_it_is_compiled():
    recipe = Recipe(epochs=1, examples=320)
    steps = iter(loop.train(models.of_stack("conv-5-5,max-3,conv-6,flatten"), recipe, LITTLE))  # nothing like it yet
    assert next(steps).examples == 0
    assert next(steps) is None
    steps.close()


def test_records_average_exactly_what_was_seen():
    model = seeded()
    before = loop.measure(model, MNIST.train_images[:7], MNIST.train_labels[:7])
    records = filter(None, loop.train(model, Recipe(epochs=1, batch=32, examples=7), LITTLE))
    for record in (next(records), next(records)):  # untrained, and in the only step
        assert record.loss == pytest.approx(before.loss, rel=1e-4)
        assert record.accuracy == pytest.approx(before.accuracy)


def test_no_record_is_of_one_lucky_batch():
    """Each is of the last 200 images at least, where so many were seen; the network is as good as still here."""
    recipe = Recipe(epochs=3, batch=50, examples=150, learning_rate=1e-9)
    start, first, *records = loop.train(seeded(), recipe, LITTLE)
    seen = [record for record in records if record]
    assert first is None and [record.examples for record in seen] == [150, 200, 250, 300, 350, 400, 450]
    assert seen[0].accuracy == pytest.approx(start.accuracy), "of all there are"
    rights = [200 * record.accuracy for record in seen[1:]]
    assert rights == pytest.approx(np.rint(rights), abs=1e-3)


def test_a_learning_rate_far_too_large_is_said_to_be():
    with pytest.raises(Diverged, match=r"learning rate of 1e\+30 is too large"):
        trained(seeded(), Recipe(learning_rate=1e30))


def test_500_examples_and_50_epochs_overfit():
    records = trained(seeded(), PRESETS["Overfitting"][1], MNIST)
    assert records[-1].accuracy == 1 and records[-1].test_accuracy < 0.9
    test = [record.test_loss for record in records if record.test_loss is not None]
    assert test[-1] > min(test) and records[-1].loss < 0.1 * test[-1], "the curves part"


def test_too_large_a_learning_rate_learns_badly():
    network, recipe = PRESETS["Too large a learning rate"]
    small = {"epochs": 1, "examples": 20_000}
    good, bad = (
        trained(models.build(network, each), each, MNIST)[-1].test_accuracy
        for each in (replace(NETWORKS[network].recipe, **small), replace(recipe, **small))
    )
    assert good > 0.9 > bad


def test_a_run_folder_is_complete_and_usable(tmp_path):
    recipe = Recipe(epochs=1, batch=32, examples=640)
    model = seeded()
    history = trained(model, recipe)
    folder = RunFolder(tmp_path)
    report = run.save(folder, model, "dense", recipe, history)

    files = {"model.keras", "model.tflite", "layers.tflite", "weights.npz", "history.csv", "report.json"}
    assert {file.name for file in tmp_path.iterdir()} == files
    images = dataset.scale(MNIST.test_images[:50])
    assert classifier.load(tmp_path).probabilities(images) == pytest.approx(model(images).numpy(), abs=1e-5)
    assert folder.report() == report and folder.history() == history
    assert report.seconds == pytest.approx(history[-1].seconds, abs=0.01)
    assert report.command == "python -m mnist_model train dense --epochs=1 --examples=640"
    kept = json.loads((tmp_path / "report.json").read_text())
    keys = "network recipe seed versions parameters seconds train_accuracy test_loss test_accuracy confusion_matrix"
    assert set(keys.split()) <= set(kept)


def test_a_training_with_changed_images_keeps_some_of_them(tmp_path):
    recipe = Recipe(epochs=1, examples=64, shift=3)
    run.run("dense", recipe, LITTLE, tmp_path / "run", lambda said: None, lambda: False)
    original, moved = RunFolder(tmp_path / "run").learned()
    assert (original == MNIST.train_images[:8]).all() and not (moved == original).all()


def test_a_training_that_is_stopped_keeps_what_it_learned_and_is_not_evaluated(tmp_path):
    seen = []
    recipe = Recipe(epochs=2, examples=2000)
    stopping = lambda: seen[-1].epoch > 1  # noqa: E731
    report = run.run("dense", recipe, MNIST, tmp_path / "run", lambda said: heard(seen, said), stopping)
    folder = RunFolder(tmp_path / "run")
    assert folder.report() == report and report.evaluation is None and 1 < report.epochs < 2
    assert folder.epochs() == [0, 1, 2], "the start, the first epoch, and where it was stopped"
    assert all(map(np.array_equal, folder.weights(2), folder.weights()))


def test_a_training_that_is_stopped_at_once_leaves_nothing(tmp_path):
    nothing = lambda seen: None  # noqa: E731
    with pytest.raises(Stopped):
        run.run("dense", Recipe(), MNIST, tmp_path / "run", nothing, lambda: True)
    assert not list(tmp_path.iterdir())


def heard(records: list, said) -> None:
    """Keep what is a record of all that a training says."""
    if isinstance(said, Record):
        records.append(said)


def test_a_training_after_another_is_as_if_it_were_the_first():
    """What was compiled is kept; weights, Adam's memory and a rate that falls begin anew."""
    recipe = replace(NETWORKS["conv"].recipe, epochs=1, examples=640)
    ends = []
    for each in (recipe, replace(recipe, learning_rate=0.01, epochs=2), recipe):
        model = models.build("conv", each)
        trained(model, each)
        ends.append(model.get_weights())
    assert all(map(np.array_equal, ends[0], ends[2])) and not np.array_equal(ends[0][0], ends[1][0])


def test_shuffled_pixels_cost_a_dense_network_little(tmp_path):
    small, nothing = Recipe(epochs=1, examples=6000), lambda seen: None
    shuffled = run.shuffle("dense", small, MNIST, nothing, lambda: False, tmp_path)
    plain = run.learn(models.build("dense", small), small, MNIST, nothing, lambda: False)[-1].test_accuracy
    assert shuffled == pytest.approx(plain, abs=0.03) and RunFolder(tmp_path).shuffled_accuracy() == shuffled
    kept = json.loads((tmp_path / "shuffled.json").read_text())
    assert kept["command"] == "python -m mnist_model shuffle dense --epochs=1 --examples=6000"


def test_robust_learns_from_imitated_hands_and_drawn_digits():
    recipe = replace(NETWORKS["robust"].recipe, epochs=1, examples=320, drawn=40)
    assert recipe.imitate == "bends"
    history = run.learn(models.build("robust", recipe), recipe, LITTLE, lambda seen: None, lambda: False)
    assert history[-1].examples == 320 + 40 + 10
