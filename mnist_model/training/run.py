"""One training from its start to a complete run folder: what the command line and the worker both call."""

import contextlib
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import keras

from mnist_model.images.dataset import Mnist, shuffled_pixels
from mnist_model.networks import classifier, tflite
from mnist_model.networks.errors import NetworkError
from mnist_model.networks.evaluation import evaluate
from mnist_model.networks.history import Record, thinned
from mnist_model.networks.recipe import Recipe
from mnist_model.networks.report import Layer, Ours, Report, command, origin
from mnist_model.networks.run_folder import RunFolder
from mnist_model.runs import store
from mnist_model.runs.messages import Message, Progress, Weights
from mnist_model.training import models
from mnist_model.training.epochs import learned
from mnist_model.training.errors import Diverged, Stopped
from mnist_model.training.loop import PACE, measure, train
from mnist_model.training.ours import Halves

SNAPSHOTS = 0.4  # seconds between two looks at a network that learns
RECORDS = 2000  # of a training that are kept, at most: robust makes 25,000

Say = Callable[[Message], None]
Stopping = Callable[[], bool]


def run(
    name: str,
    recipe: Recipe,
    mnist: Mnist,
    target: Path,
    say: Say,
    stopping: Stopping,
    ours: Halves | None = None,
) -> Report:
    """Train a network of the registry into the run folder `target`; the report that is in it then.

    It says how it goes: records, its weights now and then, the progress of its evaluation. Where `stopping` becomes
    true, the training ends, what it learned is kept, and it is not evaluated. Of a class's digits, which are mixed in,
    counts are kept and nothing else. Raises Stopped where it had learned nothing, Diverged, DiskFull, NotARunFolder;
    then nothing is kept.
    """
    with store.writing(target) as partial:
        folder, model = RunFolder(partial), models.build(name, recipe)
        history = learn(model, recipe, ours.mixed(mnist, recipe.seed) if ours else mnist, say, stopping, folder)
        made = save(folder, model, name, recipe, history, ours)
        if recipe.is_varied:
            folder.write_learned(learned(mnist.train_images[: recipe.examples], mnist.train_labels, recipe))
        if not stopping():
            parts = 1 + len(ours.fewer(made.seconds)) if ours else 1
            network = classifier.load(partial, classifier.CORES)
            found = evaluate(network, mnist, recipe.examples, _progress(say, 0, parts))
            made = replace(made, evaluation=found)
            made = compared(made, mnist, ours, say, stopping) if ours else made
            folder.write_report(made)
    return made


def compared(made: Report, mnist: Mnist, ours: Halves, say: Say, stopping: Stopping) -> Report:
    """The report of a network that learned from a class's digits, with how the same does that learned from fewer."""
    counts, rows = ours.fewer(made.seconds), []
    for i, count in enumerate(counts, 1):
        show = _progress(say, i, 1 + len(counts))
        model = models.build(made.network, made.recipe)
        try:
            learn(model, made.recipe, ours.mixed(mnist, made.seed, count), _of_epochs(made.recipe, show), stopping)
        except Diverged:  # of it nothing can be said
            continue
        except Stopped:
            break
        if stopping():
            break
        rows.append((count, right(model, ours)))
    return replace(made, ours=made.ours and made.ours._replace(right=(*rows, *made.ours.right)))


def right(model: keras.Model, ours: Halves) -> int:
    """How many digits a network reads of those people of a class from whom it has not learned."""
    said = measure(lambda images: model(images, training=False), ours.others, ours.others_labels)
    return int((said.predictions == ours.others_labels).sum())


def learn(
    model: keras.Model,
    recipe: Recipe,
    mnist: Mnist,
    say: Say,
    stopping: Stopping,
    folder: RunFolder | None = None,
) -> list[Record]:
    """Train a new network until it is done or asked to stop, saying each record; returns them.

    Its weights at the epochs' ends go into `folder`.
    """
    history: list[Record] = []
    shown = 0.0
    for record in train(model, recipe, mnist):
        if record:
            history.append(record)
            say(record)
            if folder and record.is_epochs_end:
                folder.write_epoch(model.get_weights(), int(record.epoch))
            if time.monotonic() - shown > SNAPSHOTS:
                say(Weights(model.get_weights()))
                shown = time.monotonic()
        if stopping():
            break
    if not history[-1].examples:
        raise Stopped("It was stopped before it had learned anything; nothing was kept.")
    return history


def shuffle(name: str, recipe: Recipe, mnist: Mnist, say: Say, stopping: Stopping, out: Path | None) -> float:
    """The test accuracy of a network that learned from images with their pixels in another order; kept in a folder.

    Raises Stopped where `stopping` became true before it was done.
    """
    history = learn(models.build(name, recipe), recipe, shuffled_pixels(mnist), say, stopping)
    accuracy = history[-1].test_accuracy
    if stopping() or accuracy is None:
        raise Stopped("It was stopped; nothing was kept.")
    if out:
        about = {"network": name, "recipe": asdict(recipe)}
        RunFolder(out).write_shuffled(accuracy, about | origin(recipe.seed, command(name, recipe, "shuffle")))
    return accuracy


def save(
    folder: RunFolder, model: keras.Model, name: str, recipe: Recipe, history: list[Record], ours: Halves | None = None
) -> Report:
    """Write a trained network's files; a training that was stopped within an epoch keeps its last weights as one's."""
    weights, last = model.get_weights(), history[-1]
    if not last.is_epochs_end:
        folder.write_epoch(weights, int(last.epoch) + 1)
    model.save(folder.keras_file)
    _write_tflite(folder, model, name)
    folder.write_weights(weights)
    folder.write_history(thinned(history, RECORDS))
    made = Report(
        network=name,
        recipe=recipe,
        **origin(recipe.seed, command(name, recipe)),
        parameters=model.count_params(),
        layers=tuple(_layer(layer) for layer in model.layers),
        epochs=last.epoch,
        seconds=round(last.seconds, 2),
        ours=Ours(len(ours.others), ((len(ours.images), right(model, ours)),)) if ours else None,
    )
    folder.write_report(made)
    return made


def _write_tflite(folder: RunFolder, model: keras.Model, name: str) -> None:
    """The files for LiteRT: the shipped network's with other weights in them, or by Keras's exporter."""
    try:
        shipped, weights = classifier.load(name), model.get_weights()
        files = shipped.folder.tflite(), shipped.folder.layers_tflite()
        folder.write_tflite(*(tflite.filled(file, shipped.weights, weights) for file in files))
    except NetworkError:  # it is not shipped, or its layers are others
        _export(folder, model)


def _export(folder: RunFolder, model: keras.Model) -> None:
    """LiteRT files by Keras's own exporter: seconds, where no network of the same layers is shipped."""
    every_layer = keras.Model(model.inputs, [layer.output for layer in model.layers])
    with contextlib.redirect_stdout(sys.stderr):  # the exporter prints
        for network, file in ((model, "model.tflite"), (every_layer, "layers.tflite")):
            network.export(folder.path / file, format="litert", verbose=False)


def _layer(layer: keras.Layer) -> Layer:
    activation = layer.get_config().get("activation")
    return Layer(type(layer).__name__, activation, tuple(layer.output.shape[1:]), layer.count_params())


def _progress(say: Say, done: int, parts: int) -> Callable[[float], None]:
    """What says how much is done of all parts, told how much of the next one is, 0–1; not more often than is seen."""
    said = 0.0

    def show(fraction: float) -> None:
        nonlocal said
        if fraction == 1 or time.monotonic() - said > PACE:
            said = time.monotonic()
            say(Progress((done + fraction) / parts))

    return show


def _of_epochs(recipe: Recipe, show: Callable[[float], None]) -> Say:
    """What shows how far a training is, told what that says."""
    return lambda said: show(said.epoch / recipe.epochs) if isinstance(said, Record) else None
