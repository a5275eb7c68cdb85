"""The training loop, and what a finished run leaves behind.

The loop does what Keras `fit` does, batch for batch, but many steps run in one call over images that already lie
on the device. A training step of a small dense network takes a fifth of a millisecond; `fit` spends most of its
time between the steps. XLA compiles the loop of dense networks; on a CPU it makes convolutions several times
slower (measured: 12 ms a step without, 86 ms with), so theirs runs as a plain graph.
"""

import contextlib
import csv
import json
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from mnist_model import origin, shifting
from mnist_model.dataset import Mnist, scale
from mnist_model.recipes import Recipe

RECORDS_PER_EPOCH = 20
COLUMNS = ["epoch", "examples", "seconds", "loss", "accuracy", "test_loss", "test_accuracy"]


class Measured(NamedTuple):
    """How a network does on a set of images."""

    loss: float
    accuracy: float
    predictions: np.ndarray  # (n,) digits


def train(model: keras.Model, recipe: Recipe, mnist: Mnist) -> Iterator[dict]:
    """Train `model` in place, yielding a record at least 20 times an epoch, and one at each epoch's end.

    A record has the keys COLUMNS: `loss` and `accuracy` are means over the batches since the last record,
    as the network was then; `seconds` counts the loop and its compilation, not evaluation; the two test figures
    are None except at an epoch's end.
    """
    steps = _steps(model, recipe)
    originals = mnist.train_images[: recipe.examples]
    images = tf.constant(originals)
    labels = tf.constant(mnist.train_labels[: recipe.examples].astype(np.int32))
    generator = np.random.default_rng(recipe.seed)
    seconds, seen = 0.0, 0
    for epoch in range(recipe.epochs):
        begun = time.perf_counter()
        if recipe.shift:
            images = tf.constant(_moved(originals, recipe.shift, generator))
        order, weights = _batches(generator.permutation(len(images)), recipe.batch)
        stride = max(1, len(order) // RECORDS_PER_EPOCH)
        for first in range(0, len(order), stride):
            part = slice(first, first + stride)
            loss, right = steps(images, labels, *_padded(order[part], weights[part], stride))
            count = int(weights[part].sum())
            seen += count
            record = {"examples": seen, "epoch": seen / len(images), "loss": float(loss) / count}
            record |= {"accuracy": float(right) / count, "test_loss": None, "test_accuracy": None}
            seconds += time.perf_counter() - begun
            if part.stop >= len(order):
                test = measure(model, mnist.test_images, mnist.test_labels)
                record |= {"epoch": epoch + 1, "test_loss": test.loss, "test_accuracy": test.accuracy}
            yield record | {"seconds": seconds}
            begun = time.perf_counter()


def measure(model: keras.Model, images: np.ndarray, labels: np.ndarray) -> Measured:
    """Loss, accuracy and predictions on images (n, 28, 28) uint8 with their labels."""
    stack = scale(images)
    parts = [model(stack[i : i + 1000], training=False).numpy() for i in range(0, len(stack), 1000)]
    probabilities = np.concatenate(parts)
    loss = float(keras.losses.SparseCategoricalCrossentropy()(labels, probabilities))
    predictions = probabilities.argmax(1)
    return Measured(loss, float((predictions == labels).mean()), predictions)


def report(model: keras.Model, name: str, recipe: Recipe, seconds: float, mnist: Mnist) -> dict:
    """What a finished run says of itself: the keys of report.json. Rows of the confusion matrix are true digits."""
    train = measure(model, mnist.train_images[: recipe.examples], mnist.train_labels[: recipe.examples])
    test = measure(model, mnist.test_images, mnist.test_labels)
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (mnist.test_labels, test.predictions), 1)
    return {
        "network": name,
        "recipe": asdict(recipe),
        **origin.of_this(recipe.seed),
        "parameters": model.count_params(),
        "layers": [_layer(layer) for layer in model.layers],
        "seconds": round(seconds, 2),
        "train_accuracy": train.accuracy,
        "test_loss": test.loss,
        "test_accuracy": test.accuracy,
        "confusion_matrix": confusion.tolist(),
    }


def save(folder: Path, model: keras.Model, history: list[dict], report: dict) -> None:
    """Write a run folder, complete or not at all.

    model.keras is the network for Keras and model.tflite for LiteRT; layers.tflite gives every layer's output;
    weights.npz holds the weights in Keras's order; history.csv the records; report.json what `report` says.
    Replaces an older run in the same place; raises FileExistsError where something else is there.
    """
    if folder.exists() and not (folder / "report.json").exists() and any(folder.iterdir()):
        raise FileExistsError(f"{folder} exists and is not a run folder.")
    partial = folder.with_name(folder.name + ".partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    model.save(partial / "model.keras")
    with contextlib.redirect_stdout(sys.stderr):  # the exporter prints
        model.export(partial / "model.tflite", format="litert", verbose=False)
        every_layer = keras.Model(model.inputs, [layer.output for layer in model.layers])
        every_layer.export(partial / "layers.tflite", format="litert", verbose=False)
    np.savez_compressed(partial / "weights.npz", *model.get_weights())
    with (partial / "history.csv").open("w", newline="") as file:
        rows = csv.DictWriter(file, COLUMNS)
        rows.writeheader()
        rows.writerows(history)
    (partial / "report.json").write_text(json.dumps(report, indent=1) + "\n")
    shutil.rmtree(folder, ignore_errors=True)
    partial.rename(folder)


def _layer(layer: keras.Layer) -> dict:
    activation = layer.get_config().get("activation")
    return {
        "kind": type(layer).__name__,
        "activation": activation,
        "output_shape": list(layer.output.shape[1:]),
        "parameters": layer.count_params(),
    }


def _moved(images: np.ndarray, furthest: int, generator: np.random.Generator) -> np.ndarray:
    """Images (n, 28, 28), each moved at random by up to `furthest` pixels on either axis."""
    return shifting.shift_each(images, generator.integers(-furthest, furthest + 1, (len(images), 2)))


def _learning_rate(recipe: Recipe) -> float | keras.optimizers.schedules.LearningRateSchedule:
    steps = recipe.epochs * -(-recipe.examples // recipe.batch)
    return keras.optimizers.schedules.CosineDecay(recipe.learning_rate, steps) if recipe.decay else recipe.learning_rate


def _steps(model: keras.Model, recipe: Recipe) -> tf.types.experimental.GenericFunction:
    """Many training steps in one call: (images, labels, order, weights, count) -> summed loss, number right."""
    compiled = not any(isinstance(layer, keras.layers.Conv2D) for layer in model.layers)
    optimizer = keras.optimizers.Adam(_learning_rate(recipe))
    optimizer.build(model.trainable_variables)
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(reduction="sum")

    def step(images, labels, weights):
        with tf.GradientTape() as tape:
            probabilities = model(tf.cast(images, tf.float32) / 255, training=True)
            loss = cross_entropy(labels, probabilities, sample_weight=weights)
            mean = loss / tf.reduce_sum(weights)
        gradients = tape.gradient(mean, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        right = tf.cast(tf.argmax(probabilities, 1, tf.int32) == labels, tf.float32)
        return loss, tf.reduce_sum(right * weights)

    @tf.function(jit_compile=compiled, autograph=False)
    def steps(images, labels, order, weights, count):
        def body(i, loss, right):
            batch = order[i]
            more = step(tf.gather(images, batch), tf.gather(labels, batch), weights[i])
            return i + 1, loss + more[0], right + more[1]

        return tf.while_loop(lambda i, *_: i < count, body, (0, 0.0, 0.0))[1:]

    return steps


def _batches(order: np.ndarray, batch: int) -> tuple[np.ndarray, np.ndarray]:
    """A permutation cut into batches, (steps, batch); the last one's missing examples have weight 0."""
    missing = -len(order) % batch
    weights = np.pad(np.ones(len(order), np.float32), (0, missing))
    return np.pad(order, (0, missing)).reshape(-1, batch), weights.reshape(-1, batch)


def _padded(order: np.ndarray, weights: np.ndarray, stride: int) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
    """The same shape at every call, so that the loop is compiled once; only the first `count` steps are run."""
    missing = ((0, stride - len(order)), (0, 0))
    indices = np.pad(order, missing).astype(np.int32)
    return tf.constant(indices), tf.constant(np.pad(weights, missing)), tf.constant(len(order))
