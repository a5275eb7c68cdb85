"""The command line: train, evaluate, predict, shift."""

import argparse
import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from mnist_model import classifier, dataset, drawing, shifting

ROOT = Path(__file__).parent.parent
NETWORKS = ["dense"]


class CommandError(Exception):
    """The command cannot do what was asked; the message is one line for the user."""


def main() -> int:
    """Run the command that was asked for; the exit code is 0, 1 for a failure, 2 for a wrong call, 130 for Ctrl-C."""
    options = _parser().parse_args()
    try:
        options.command(options)
    except (CommandError, classifier.NetworkError, dataset.DatasetError, drawing.BlankDrawing, OSError) as error:
        said = f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.strerror else error
        print(f"error: {said}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nstopped", file=sys.stderr)
        return 130
    return 0


def train(options: argparse.Namespace) -> None:
    """Train a network and write a run folder."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    with _native_stderr_closed():
        import keras

        from mnist_model import networks, training

    recipe = training.Recipe(options.epochs, options.batch, options.examples, options.seed)
    show = _json_lines if options.progress == "json" else _progress_bar(recipe)
    mnist = dataset.load()
    keras.utils.set_random_seed(recipe.seed)
    model = networks.BUILDERS[options.network]()
    history = []
    for record in training.train(model, recipe, mnist):
        history.append(record)
        show(record)
    report = training.report(model, options.network, recipe, history[-1]["seconds"], mnist)
    folder = options.out or ROOT / "runs" / time.strftime(f"{options.network}-%Y%m%d-%H%M%S")
    training.save(folder, model, history, report)
    if options.progress == "json":
        _json_lines({"folder": str(folder)})
    else:
        print(f"test accuracy {report['test_accuracy']:.2%}, saved in {folder}")


def evaluate(options: argparse.Namespace) -> None:
    """Measure a network on the 10,000 test images."""
    network = _load(options.network)
    mnist = dataset.load()
    right = network.probabilities(dataset.scale(mnist.test_images)).argmax(1) == mnist.test_labels
    print(f"{network.name}: {right.mean():.2%} of the {len(right):,} test images right")
    for digit in range(10):
        print(f"  {digit}  {right[mnist.test_labels == digit].mean():.1%}")


def predict(options: argparse.Namespace) -> None:
    """Classify one picture of a digit."""
    try:
        picture = Image.open(options.image)
        rgba = drawing.from_picture(picture)
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise CommandError(f"{options.image} is not a picture that can be read.") from error
    image = drawing.to_input(rgba, options.centred)
    probabilities = _load(options.network).probabilities(image)[0]
    print(f"{probabilities.argmax()}  ({probabilities.max():.1%})")
    for digit, probability in enumerate(probabilities):
        print(f"  {digit}  {probability:6.1%}  {'█' * round(40 * probability)}")


def shift(options: argparse.Namespace) -> None:
    """Measure a network on the test images shifted by k pixels, and keep the figures beside it."""
    network = _load(options.network)
    mnist = dataset.load()
    images = dataset.scale(mnist.test_images)
    accuracies = []
    for k, accuracy in enumerate(shifting.accuracy_by_shift(network, images, mnist.test_labels)):
        accuracies.append(accuracy)
        if options.progress == "json":
            _json_lines({"k": k, "accuracy": accuracy})
        else:
            print(f"{k:3} px  {accuracy:6.1%}  {'█' * round(40 * accuracy)}", flush=True)
    figures = {"command": f"python -m mnist_model shift {options.network}", "accuracy": accuracies}
    (network.folder / "shift.json").write_text(json.dumps(figures, indent=1) + "\n")
    if options.progress == "json":
        _json_lines({"folder": str(network.folder)})
    else:
        print(f"saved in {network.folder / 'shift.json'}")


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


def _load(name_or_folder: str) -> classifier.Classifier:
    with _native_stderr_closed():  # LiteRT greets too
        return classifier.load(name_or_folder)


def _json_lines(record: dict) -> None:
    print(json.dumps(record), flush=True)


def _progress_bar(recipe):
    import keras

    target = recipe.epochs * recipe.examples
    bar = keras.utils.Progbar(target, stateful_metrics=["loss", "accuracy"], unit_name="example")
    return lambda record: bar.update(record["examples"], [("loss", record["loss"]), ("accuracy", record["accuracy"])])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m mnist_model", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(function) -> argparse.ArgumentParser:
        sub = commands.add_parser(function.__name__, help=function.__doc__, description=function.__doc__)
        sub.set_defaults(command=function)
        return sub

    sub = command(train)
    sub.add_argument("network", choices=NETWORKS, help="which network: %(choices)s")
    sub.add_argument("--epochs", type=_number(1), default=5, help="times through the images (default 5)")
    sub.add_argument("--batch", type=_number(1), default=32, help="images a step (default 32)")
    sub.add_argument("--examples", type=_number(1, 60_000), default=60_000, help="training images (default 60000)")
    sub.add_argument("--seed", type=_number(0), default=0, help="makes a run repeatable (default 0)")
    sub.add_argument("--out", type=Path, help="the run folder (default: a new one under runs/)")
    _add_progress(sub)

    for function in (evaluate, shift):
        sub = command(function)
        sub.add_argument("network", help="a shipped network's name, or a run folder")
    _add_progress(sub)

    sub = command(predict)
    sub.add_argument("image", type=Path, help="a picture of one digit")
    sub.add_argument("--network", default="dense", help="a shipped network's name, or a run folder")
    sub.add_argument("--centred", action="store_true", help="scale and centre the digit as MNIST's are")
    return parser


def _add_progress(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("--progress", choices=["bar", "json"], default="bar", help="json: one object a line")


def _number(least: int, most: int = 2**31):
    def parse(text: str) -> int:
        try:
            number = int(text)
        except ValueError:
            number = least - 1
        if not least <= number <= most:
            limit = f"from {least} to {most}" if most < 2**31 else f"of at least {least}"
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number {limit}")
        return number

    return parse


if __name__ == "__main__":
    sys.exit(main())
