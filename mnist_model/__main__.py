"""The command line: train, measure, evaluate, predict, shift, shuffle."""

import argparse
import contextlib
import errno
import functools
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import Path

from mnist_model import (
    checkpoints,
    classifier,
    dataset,
    drawing,
    evaluation,
    folders,
    measured,
    origin,
    pictures,
    shifting,
    stopping,
)
from mnist_model.recipes import FIELDS, IMITATIONS, RECIPES, Recipe

FILES = 8  # of a run folder with all the weights in them, besides those of each epoch
SNAPSHOTS = 0.4  # seconds between two looks at a network that learns


_mnist = functools.cache(dataset.load)


class CommandError(Exception):
    """The command cannot do what was asked; the message is one line for the user."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command that was asked for; the exit code is 0, 1 for a failure, 2 for a wrong call, 130 for Ctrl-C."""
    options = _parser().parse_args(arguments)
    try:
        options.command(options)
    except (CommandError, classifier.NetworkError, dataset.DatasetError, drawing.BlankDrawing, OSError) as error:
        print(f"error: {_sentence(error)}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    return 0


def train(options: argparse.Namespace) -> None:
    """Train a network and write a run folder. Ctrl-C ends the training and keeps what was learned."""
    recipe = _recipe(options)
    mnist = _mnist()
    folder = options.out or folders.new(options.network)
    stopping.on_signals()
    with folders.writing(folder) as partial:
        model, history = _learn(options, recipe, mnist, partial)
        _write(options, recipe, model, history, partial)
        if not stopping.asked.is_set():
            report = _measure(options, partial, mnist)
    if stopping.asked.is_set():
        _done(options, folder, f"stopped after {history[-1]['epoch']:.2f} epochs, saved in {folder}")
    else:
        _done(options, folder, f"test accuracy {report['test_accuracy']:.2%}, saved in {folder}")


def measure(options: argparse.Namespace) -> None:
    """Measure a network and put the figures into its report: for a training that was stopped."""
    figures = _measure(options, _load(options.network).folder, _mnist())
    _done(options, options.network, f"test accuracy {figures['test_accuracy']:.2%}")


def evaluate(options: argparse.Namespace) -> None:
    """Measure a network on the 10,000 test images."""
    network = _load(options.network, threads=os.cpu_count() or 1)
    mnist = _mnist()
    right = network.probabilities(dataset.scale(mnist.test_images)).argmax(1) == mnist.test_labels
    print(f"{network.name}: {right.mean():.2%} of the {len(right):,} test images right")
    for digit in range(10):
        print(f"  {digit}  {right[mnist.test_labels == digit].mean():.1%}")


def predict(options: argparse.Namespace) -> None:
    """Classify one picture of a digit."""
    try:
        with options.image.open("rb") as file:
            rgba = pictures.to_canvas(pictures.read(file))
    except pictures.NotAPicture as error:
        raise CommandError(f"{options.image}: {error}") from error
    image = drawing.to_input(rgba, options.centred)
    probabilities = _load(options.network).probabilities(image)[0]
    print(f"{probabilities.argmax()}  ({probabilities.max():.1%})")
    for digit, probability in enumerate(probabilities):
        print(f"  {digit}  {probability:6.1%}  {'█' * round(40 * probability)}")


def shift(options: argparse.Namespace) -> None:
    """Measure a network on the test images at every offset, and keep the figures beside it."""
    network = _load(options.network, threads=os.cpu_count() or 1)
    front = classifier.Centred(network) if options.centred else network
    mnist = _mnist()
    show = _json_lines if options.progress == "json" else _offsets_bar
    answers = {}
    for offset, said in zip(
        measured.OFFSETS, shifting.answers(front, dataset.scale(mnist.test_images), measured.OFFSETS), strict=True
    ):
        answers[offset] = said
        show({"offsets": len(answers), "of": len(measured.OFFSETS)})
    figures = measured.summarise(answers, mnist.test_labels)
    file = measured.save(network.folder, figures, options.centred, origin.of_this(network.report["seed"]))
    rows = (f"{k:3} px  {accuracy:6.1%}  {'█' * round(40 * accuracy)}" for k, accuracy in enumerate(figures.by_shift))
    _done(options, network.folder, "\n".join([*rows, f"saved in {file}"]))


def shuffle(options: argparse.Namespace) -> None:
    """Train a network on images whose pixels are in another order, and say how well it does."""
    recipe = _recipe(options)
    mnist = _mnist()
    train_images, test_images = map(dataset.shuffle_pixels, (mnist.train_images, mnist.test_images))
    shuffled = mnist._replace(train_images=train_images, test_images=test_images)
    stopping.on_signals()
    _, history = _learn(options, recipe, shuffled)
    if stopping.asked.is_set():
        raise KeyboardInterrupt
    accuracy = history[-1]["test_accuracy"]
    report = {"network": options.network, "recipe": asdict(recipe), "test_accuracy": accuracy}
    if options.out:
        options.out.write_text(json.dumps(report | origin.of_this(recipe.seed), indent=1) + "\n")
    print(f"test accuracy {accuracy:.2%} with shuffled pixels")


def _recipe(options: argparse.Namespace) -> Recipe:
    """The network's own recipe, with what the command line changes in it."""
    changed = {name: value for name in FIELDS if (value := getattr(options, name)) is not None}
    return replace(RECIPES[options.network], **changed)


def _learn(options: argparse.Namespace, recipe: Recipe, mnist: dataset.Mnist, folder: Path | None = None) -> tuple:
    """Train a new network until it is done or asked to stop, showing each record; returns it and the records.

    Its weights as it learns go into `folder`.
    """
    networks, training = _tensorflow()
    show = _json_lines if options.progress == "json" else _progress_bar(recipe)
    model = networks.build(options.network, recipe)
    if folder:
        folders.make_room((recipe.epochs + FILES) * 4 * model.count_params() / 2**20)
    history, kept = [], 0.0
    try:
        for record in training.train(model, recipe, mnist):
            if record:
                history.append(record)
                if folder and (time.monotonic() - kept > SNAPSHOTS or _is_whole(record["epoch"])):
                    _keep(folder, model, record)
                    kept = time.monotonic()
                show(record)
            if stopping.asked.is_set():
                break
    except training.Diverged as error:
        raise CommandError(str(error)) from error
    if history[-1]["examples"] == 0:
        raise KeyboardInterrupt
    return model, history


def _keep(folder: Path, model, record: dict) -> None:
    """The weights now and, at the start and an epoch's end, for good."""
    weights = model.get_weights()
    checkpoints.write(folder, checkpoints.NOW, weights)
    if _is_whole(record["epoch"]):
        checkpoints.write(folder, int(record["epoch"]), weights)


def _is_whole(epoch: float) -> bool:
    """Whether it is the start or the end of an epoch."""
    return float(epoch).is_integer()


def _write(options: argparse.Namespace, recipe: Recipe, model, history: list[dict], folder: Path) -> None:
    """A trained network's files; a training that was stopped within an epoch keeps its last weights too."""
    from mnist_model import training

    checkpoints.forget(folder, checkpoints.NOW)
    if not _is_whole(history[-1]["epoch"]):
        checkpoints.write(folder, int(history[-1]["epoch"]) + 1, model.get_weights())
    report = training.report(model, options.network, recipe, history)
    with _native_stderr_closed():  # LiteRT greets
        training.save(folder, model, history, report)


def _measure(options: argparse.Namespace, folder: Path, mnist: dataset.Mnist) -> dict:
    show = (lambda part: _json_lines({"measured": part})) if options.progress == "json" else (lambda part: None)
    figures = evaluation.measure(_load(str(folder), threads=os.cpu_count() or 1), mnist, show)
    evaluation.complete(folder, figures)
    return figures


def _tensorflow() -> tuple:
    """The modules that import TensorFlow: seconds, the first time."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with _native_stderr_closed():  # TensorFlow greets
            from mnist_model import networks, training
    except ImportError as error:
        raise CommandError("TensorFlow is missing: pip install -r requirements.txt brings it.") from error
    return networks, training


def _sentence(error: Exception) -> str:
    """What went wrong, in one line."""
    if isinstance(error, OSError) and (error.errno == errno.ENOSPC or os.strerror(errno.ENOSPC) in str(error)):
        return "The disk is full: nothing of this run could be kept."
    if isinstance(error, OSError) and error.strerror:
        return f"{error.filename}: {error.strerror}"
    return str(error)


def _done(options: argparse.Namespace, folder: Path, text: str) -> None:
    """Say that a command is done and where its figures are."""
    if options.progress == "json":
        _json_lines({"folder": str(folder)})
    else:
        print(text)


@contextlib.contextmanager
def _native_stderr_closed() -> Iterator[None]:
    """TensorFlow's C++ code greets every import on stderr, whatever its log level. Errors of Python's still show."""
    kept = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def _load(name_or_folder: str, threads: int = 1) -> classifier.Classifier:
    with _native_stderr_closed():  # LiteRT greets too
        return classifier.load(name_or_folder, threads)


def _json_lines(record: dict) -> None:
    print(json.dumps(record), flush=True)


def _progress_bar(recipe):
    import keras

    target = recipe.epochs * recipe.per_epoch
    bar = keras.utils.Progbar(target, stateful_metrics=["loss", "accuracy"], unit_name="example")
    return lambda record: bar.update(record["examples"], [("loss", record["loss"]), ("accuracy", record["accuracy"])])


def _offsets_bar(record: dict) -> None:
    done = record["offsets"] / record["of"]
    end = "\n" if done == 1 else ""
    print(f"\r{'█' * round(40 * done):40} {record['offsets']}/{record['of']} offsets", end=end, file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mnist_model", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(function) -> argparse.ArgumentParser:
        sub = commands.add_parser(function.__name__, help=function.__doc__, description=function.__doc__)
        sub.set_defaults(command=function)
        return sub

    for function in (train, shuffle):
        sub = command(function)
        _add_recipe(sub)
        _add_progress(sub)
        sub.add_argument("network", choices=RECIPES, metavar="network", help=f"which network: {', '.join(RECIPES)}")
        where = "the run folder (default: a new one under runs/)" if function is train else "a JSON file for the result"
        sub.add_argument("--out", type=Path, help=where)

    sub = command(measure)
    sub.add_argument("network", help="a run folder")
    _add_progress(sub)

    sub = command(evaluate)
    sub.add_argument("network", help="a shipped network's name, or a run folder")

    sub = command(shift)
    sub.add_argument("network", help="a shipped network's name, or a run folder")
    sub.add_argument("--centred", action="store_true", help="with centring in front of the network")
    _add_progress(sub)

    sub = command(predict)
    sub.add_argument("image", type=Path, help="a picture of one digit")
    sub.add_argument("--network", default="dense", help="a shipped network's name, or a run folder")
    sub.add_argument("--centred", action="store_true", help="scale and centre the digit as MNIST's are")
    return parser


def _add_recipe(sub: argparse.ArgumentParser) -> None:
    """Each network has a recipe of its own; these change it."""
    sub.add_argument("--epochs", type=_number(1), help="times through the images")
    sub.add_argument("--batch", type=_number(1), help="images a step")
    sub.add_argument("--examples", type=_number(1, 60_000), help="training images (all: 60000)")
    sub.add_argument("--seed", type=_number(0), help="makes a run repeatable (default 0)")
    sub.add_argument("--shift", type=_number(0, 14), help="move each image at random by up to so many pixels, anew")
    sub.add_argument("--learning-rate", type=_positive, help="how far each step goes (the tutorial's: 0.001)")
    falls = "whether the learning rate falls to 0 along half a cosine"
    sub.add_argument("--decay", action=argparse.BooleanOptionalAction, help=falls)
    changed = "change images as hands would, anew each epoch: each of these does what those before it do, too"
    sub.add_argument("--imitate", choices=IMITATIONS, help=changed)
    sub.add_argument("--drawn", type=_number(0, 60_000), help="digits in other styles, mixed into each epoch")
    sub.add_argument("--hidden", type=_number(1, 4096), help="units of a dense network's hidden layer (128)")


def _add_progress(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--progress", choices=["bar", "json"], default="bar", help="json: one object a line")


def _number(least: int, most: int = 2**31):
    def parse(text: str) -> int:
        """The number, or what argparse says instead."""
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            limit = f"from {least} to {most}" if most < 2**31 else f"of at least {least}"
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number {limit}")
        return number

    return parse


def _wait() -> None:
    """Import TensorFlow, then take the arguments of `train` from standard input: how the app starts its trainings.

    What follows on standard input stops the training, and its end ends this process.
    """
    given = stopping.on_input()
    threading.Thread(target=_mnist).start()  # meanwhile, on the other core
    with contextlib.suppress(CommandError):  # it is said when there is something to train
        networks, training = _tensorflow()
        if given.empty():  # the first call takes longer
            images, labels = (part[:1000] for part in _mnist().split("test"))
            training.measure(networks.build("dense", Recipe()), images, labels)
    sys.argv[1:] = ["train", *json.loads(given.get())]
    code = main()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)  # taking TensorFlow down in order takes a third of a second


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return number


if __name__ == "__main__":
    sys.exit(_wait() if sys.argv[1:] == ["train", "--wait"] else main())
