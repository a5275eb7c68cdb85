"""The training loop.

It does what Keras `fit` does, batch for batch, but many steps run in one call, which is given all their images.
A training step of a small dense network takes a fifth of a millisecond; `fit` spends most of its
time between the steps. XLA compiles the loop where that makes it faster (patches.py); else it runs as a plain graph.
"""

import functools
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf

from mnist_model.images.dataset import Mnist, scale
from mnist_model.networks.evaluation import cross_entropy
from mnist_model.networks.history import Record
from mnist_model.networks.recipe import Recipe
from mnist_model.training import patches
from mnist_model.training.epochs import Epoch, epochs
from mnist_model.training.errors import Diverged

RECORDS_PER_EPOCH = 20
FIRST_STEPS = 8  # in the first call, so that the curve begins early
PACE = 0.08  # seconds between records, at most
RECORD_EXAMPLES = (
    200  # of the last images, that a record is of at least: fewer say more of their luck than of the network
)
TESTING = 0.1  # of the loop's time, for measuring on the test images within an epoch
AT_START = 2_000  # training images the untrained network is measured on


class Steps(NamedTuple):
    """What some steps in one call have come to."""

    loss: float  # sum over the examples
    right: float  # examples
    examples: int
    seconds: float
    next_count: int  # steps to do in the next call
    is_last: bool  # of the epoch


class Batches(NamedTuple):
    """An epoch's order, cut."""

    order: np.ndarray  # (steps, batch)
    weights: np.ndarray  # (steps, batch)
    most: int  # of them in one call


class Done(NamedTuple):
    """Some steps, and what is done of a training with them."""

    steps: Steps
    epoch: float  # as in a Record
    examples: int
    seconds: float


class Measured(NamedTuple):
    """How a network does on a set of images."""

    loss: float
    accuracy: float
    predictions: np.ndarray  # (n,) digits


def train(model: keras.Model, recipe: Recipe, mnist: Mnist) -> Iterator[Record | None]:
    """Train `model` in place, yielding a record of the untrained network, then about twelve a second.

    While images are being made for it, or its steps compiled, there is None instead, so that one can stop. The first
    record is of the untrained network on training images. Figures of the test images are there at the start, at each
    epoch's end, and between as often as a tenth of the time allows. Raises Diverged where the loss is no longer a
    number.
    """
    originals, labels = mnist.train_images[: recipe.examples], mnist.train_labels[: recipe.examples]
    compiled = _compiled(model, recipe.decay, recipe.batch)
    start = measure(compiled.said, originals[:AT_START], labels[:AT_START])
    yield _tested(compiled.said, mnist, Record(0, 0, 0.0, start.loss, start.accuracy, None, None))
    testing, recent = 0.0, deque[Steps]()
    for done in _learn(_begun(compiled, recipe), recipe, originals, labels):
        if done:
            recent.append(done.steps)
        if done is None or not _are_enough(recent):
            yield None
            continue
        record = _record(recent, done)
        if done.steps.is_last or testing < TESTING * done.seconds:
            begun = time.perf_counter()
            record = _tested(compiled.said, mnist, record)
            testing += time.perf_counter() - begun
        yield record


def _learn(steps, recipe: Recipe, originals: np.ndarray, labels: np.ndarray) -> Iterator[Done | None]:
    """All the steps of a recipe, a few at a time; None while there is something else to do. Raises Diverged."""
    made, seconds, seen, count = epochs(originals, labels, recipe), 0.0, 0, FIRST_STEPS
    for epoch in range(recipe.epochs):
        begun = time.perf_counter()
        while (images := next(made)) is None:
            yield None
        batches = _batches(images.order, recipe.batch)
        if not epoch:
            yield from _compiling(steps, images, batches)
        seconds += time.perf_counter() - begun
        for done in _run(steps, images, batches, count):
            seconds, seen, count = seconds + done.seconds, seen + done.examples, done.next_count
            if not np.isfinite(done.loss):
                raise Diverged(_why_diverged(recipe, seen))
            yield Done(done, epoch + 1 if done.is_last else seen / len(images.images), seen, seconds)


def _compiling(steps, epoch: Epoch, batches: Batches) -> Iterator[None]:
    """Call the steps with none to do, which compiles them if nobody has; None now and then until then.

    In a thread that a process waits for: it would break down where that ends amid C++.
    """
    order, weights, most = batches
    thread = ThreadPoolExecutor(1)
    called = thread.submit(steps, *_fed(epoch, order[:0], weights[:0], most))
    thread.shutdown(wait=False)
    while wait([called], PACE).not_done:
        yield None
    called.result()


def _run(steps, epoch: Epoch, batches: Batches, count: int) -> Iterator[Steps]:
    """All the steps of an epoch, as many in a call as take at most PACE; `count` of them in the first."""
    order, weights, most = batches
    first = 0
    while first < len(order):
        begun = time.perf_counter()
        part = slice(first, first + min(count, most))
        loss, right = (float(each) for each in steps(*_fed(epoch, order[part], weights[part], most)))
        seconds = time.perf_counter() - begun
        first, count = part.stop, _paced(part.stop - first, seconds, most)
        yield Steps(loss, right, int(weights[part].sum()), seconds, count, first >= len(order))


def measure(said: Callable[[np.ndarray], tf.Tensor], images: np.ndarray, labels: np.ndarray) -> Measured:
    """Loss, accuracy and predictions on images (n, 28, 28) uint8 with their labels, by what is said of images 0–1."""
    parts = [said(scale(images[i : i + 1000])).numpy() for i in range(0, len(images), 1000)]
    probabilities = np.concatenate(parts)
    loss = cross_entropy(probabilities, labels)
    predictions = probabilities.argmax(1)
    return Measured(loss, float((predictions == labels).mean()), predictions)


def _are_enough(recent: deque[Steps]) -> bool:
    """Whether the last steps were of enough images for a record; those that it does not need are dropped."""
    examples = sum(each.examples for each in recent)
    while examples - recent[0].examples >= RECORD_EXAMPLES:
        examples -= recent.popleft().examples
    return examples >= RECORD_EXAMPLES or recent[-1].is_last


def _record(recent: Iterable[Steps], done: Done) -> Record:
    loss, right, examples = (sum(each) for each in zip(*((s.loss, s.right, s.examples) for s in recent), strict=True))
    return Record(done.epoch, done.examples, done.seconds, loss / examples, right / examples, None, None)


def _tested(said: Callable[[np.ndarray], tf.Tensor], mnist: Mnist, record: Record) -> Record:
    """A record with how the network does on the test images now."""
    test = measure(said, mnist.test_images, mnist.test_labels)
    return record._replace(test_loss=test.loss, test_accuracy=test.accuracy)


def _paced(count: int, seconds: float, most: int) -> int:
    """How many steps to do next, after `count` took so long: at most `most`, and for at most PACE."""
    return max(1, min(most, int(count * min(4.0, PACE / seconds))))


def _why_diverged(recipe: Recipe, seen: int) -> str:
    at = f"after {seen:,} examples the loss was no longer a number"
    return f"{at}: a learning rate of {recipe.learning_rate:g} is too large."


class Compiled(NamedTuple):
    """Many training steps in one call, what has to be set before the first, and what the network says."""

    steps: tf.types.experimental.GenericFunction  # (images, labels, order, weights, count) -> summed loss, number right
    optimizer: keras.optimizers.Optimizer
    rate: keras.Variable  # the first step's learning rate
    total: keras.Variable  # steps until a rate that falls is 0
    said: tf.types.experimental.GenericFunction  # images (n, 28, 28) float32 -> probabilities (n, 10)


def _begun(compiled: Compiled, recipe: Recipe) -> tf.types.experimental.GenericFunction:
    """Compiled steps for a training that begins: the optimizer has forgotten the last one."""
    for variable in compiled.optimizer.variables:
        variable.assign(np.zeros(variable.shape, variable.dtype))
    compiled.rate.assign(recipe.learning_rate)
    compiled.total.assign(recipe.epochs * -(-recipe.per_epoch // recipe.batch))
    return compiled.steps


@functools.lru_cache(maxsize=4)
def _compiled(model: keras.Model, decay: bool, _batch: int) -> Compiled:
    """Steps that train a model; kept for the next training of the same model and batch, which need not compile."""
    total = keras.Variable(1, trainable=False, dtype="float32")
    optimizer = keras.optimizers.Adam(0.0)
    rate = optimizer.learning_rate
    if decay:
        rate = keras.Variable(0.0, trainable=False)
        optimizer = keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(rate, total))
    optimizer.build(model.trainable_variables)
    said = tf.function(lambda images: model(images, training=False), autograph=False)
    return Compiled(_steps(model, optimizer), optimizer, rate, total, said)


def _steps(model: keras.Model, optimizer: keras.optimizers.Optimizer) -> tf.types.experimental.GenericFunction:
    compiled = patches.are_worth_it(model)
    learner = functools.partial(patches.probabilities, model) if compiled else functools.partial(model, training=True)
    cross_entropy = keras.losses.SparseCategoricalCrossentropy(reduction="sum")

    def step(images, labels, weights):
        """Learn from one batch: its summed loss, and how many it got right."""
        with tf.GradientTape() as tape:
            probabilities = learner(tf.cast(images, tf.float32) / 255)
            loss = cross_entropy(labels, probabilities, sample_weight=weights)
            mean = loss / tf.reduce_sum(weights)
        gradients = tape.gradient(mean, model.trainable_variables)
        optimizer.apply(gradients, model.trainable_variables)
        right = tf.cast(tf.argmax(probabilities, 1, tf.int32) == labels, tf.float32)
        return loss, tf.reduce_sum(right * weights)

    @tf.function(jit_compile=compiled, autograph=False)
    def steps(images, labels, order, weights, count):
        """Learn from the first `count` batches of the order."""

        def body(i, loss, right):
            batch = order[i]
            more = step(tf.gather(images, batch), tf.gather(labels, batch), weights[i])
            return i + 1, loss + more[0], right + more[1]

        return tf.while_loop(lambda i, *_: i < count, body, (0, 0.0, 0.0))[1:]

    return steps


def _batches(order: np.ndarray, batch: int) -> Batches:
    """A permutation cut into batches; the last one's missing examples have weight 0."""
    missing = -len(order) % batch
    weights = np.pad(np.ones(len(order), np.float32), (0, missing)).reshape(-1, batch)
    return Batches(np.pad(order, (0, missing)).reshape(-1, batch), weights, max(1, len(weights) // RECORDS_PER_EPOCH))


def _fed(epoch: Epoch, order: np.ndarray, weights: np.ndarray, most: int) -> list[tf.Tensor]:
    """The images and labels of some batches, which of these each batch is of, their weights, and how many they are.

    Always of `most` batches, so that the loop is compiled once; only the first are learned from. All images at once
    would be 47 MB more; without an order XLA would add up in another one, so that a seed made another network.
    A function given arrays takes a millisecond more to look at them than one given tensors.
    """
    missing = ((0, most - len(order)), (0, 0))
    chosen = np.pad(order, missing)
    here = np.arange(chosen.size, dtype=np.int32).reshape(chosen.shape)
    images, labels = epoch.images[chosen.ravel()], epoch.labels[chosen.ravel()].astype(np.int32)
    given = images, labels, here, np.pad(weights, missing), np.array(len(order), np.int32)
    return [tf.convert_to_tensor(each) for each in given]
