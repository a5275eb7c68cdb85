"""The command line: train, measure, evaluate, predict, shift, shuffle, study, networks, lesson."""

import contextlib
import json
import signal
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from mnist_model.classroom.invitation import invitation
from mnist_model.errors import NudgeError
from mnist_model.images import dataset, drawing, photo
from mnist_model.images.errors import BlankDrawing, NotAPicture
from mnist_model.lesson import reading
from mnist_model.networks import classifier, recipe, stack
from mnist_model.networks.counting import counted
from mnist_model.networks.field import Field
from mnist_model.networks.history import Record
from mnist_model.networks.recipe import FIELDS, Recipe
from mnist_model.networks.registry import NETWORKS, OWN, TRAINABLE, TUTORIAL
from mnist_model.networks.study import CONDITIONS
from mnist_model.render import words
from mnist_model.render.worksheet import worksheet
from mnist_model.runs import measuring, store, studying
from mnist_model.runs.messages import Message, Progress
from mnist_model.runs.queue import Queue
from mnist_model.runs.studying import Trial
from mnist_model.training.errors import Stopped
from mnist_model.training.importing import native_stderr_closed, training_modules

NETWORK = click.Choice(list(NETWORKS))


class StackFile(click.ParamType):
    """A stack of layers as text, from a TOML file or as it is."""

    name = "file"

    def convert(self, value: str, param: click.Parameter | None, context: click.Context | None) -> str:
        """The text. Fails with one sentence."""
        try:
            text = stack.text_of(stack.from_toml(Path(value).read_text())) if value.endswith(".toml") else value
            stack.check(text)
        except (NudgeError, UnicodeDecodeError) as error:
            self.fail(f"{value}: {error}", param, context)
        return text


CLICK_TYPES: dict[type, Callable[[Field], Any]] = {
    int: lambda row: click.IntRange(row.least, row.most),
    float: lambda row: click.FloatRange(min=0, min_open=True),
    str: lambda row: click.Choice(row.choices) if row.choices else StackFile(),
    bool: lambda row: click.BOOL,
}
with_progress = click.option(
    "--progress", type=click.Choice(["bar", "json"]), default="bar", help="json: one object a line"
)
FOLDER = click.Path(path_type=Path)
GLANCE = 0.3  # seconds between two looks at a study
LINE = 80  # characters of a line that is written over


class Commands(click.Group):
    """Commands; what can go wrong for a person to know of is one line."""

    def invoke(self, context: click.Context) -> Any:
        """Run a command; what goes wrong ends it with one line."""
        with native_stderr_closed(), contextlib.suppress(NudgeError):
            classifier.load(TUTORIAL)  # LiteRT greets once
        try:
            return super().invoke(context)
        except Stopped:
            click.echo("stopped", err=True)
            context.exit(130)
        except NudgeError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            reason = f"{error.filename}: {error.strerror}" if error.strerror else str(error)
            raise click.ClickException(reason) from error


@click.group(cls=Commands, help=__doc__)
def main() -> None: ...


def with_recipe(command: Callable[..., None]) -> Callable[..., None]:
    """Options that change the network's own recipe, one a field."""
    for name, row in reversed(FIELDS.items()):
        flags = recipe.flag(name) + (f"/{recipe.flag('no_' + name)}" if row.kind is bool else "")
        kind = CLICK_TYPES[row.kind](row)
        command = click.option(flags, name, type=kind, default=None, help=row.help)(command)
    return command


@main.command()
@click.argument("network", type=click.Choice(list(TRAINABLE)), metavar="[NETWORK]", default=OWN.name)
@click.option("--out", type=FOLDER, help="the run folder (default: a new one under runs/)")
@with_recipe
@with_progress
def train(network: str, out: Path | None, progress: str, **changes: Any) -> None:
    """Train a network, or one's own --layers. It writes a run folder; Ctrl-C ends it and keeps what was learned."""
    chosen = changed(network, changes)
    mnist, folder, stopping = dataset.load(), out or store.new(network), stop_on_signals()
    run, _ = training_modules()
    report = run.run(network, chosen, mnist, folder, shown(chosen, progress), stopping.is_set)
    how = f"stopped after {report.epochs:.2f} epochs"
    if report.evaluation:
        how = f"test accuracy {report.evaluation.test_accuracy:.2%}"
    tell(progress, {"folder": str(folder)}, f"{how}, saved in {folder}")


@main.command()
@click.argument("network", metavar="FOLDER")
@with_progress
def measure(network: str, progress: str) -> None:
    """Measure a training that was stopped, and complete its report."""
    report = measuring.evaluate_run(network, dataset.load(), part_shown(progress))
    assert report.evaluation
    tell(progress, {"folder": str(Path(network))}, f"test accuracy {report.evaluation.test_accuracy:.2%}")


@main.command()
@click.argument("network")
def evaluate(network: str) -> None:
    """Evaluate a network, by name or run folder, on the 10,000 test images."""
    known, mnist = classifier.load(network, threads=classifier.CORES), dataset.load()
    right = known.probabilities(dataset.scale(mnist.test_images)).argmax(1) == mnist.test_labels
    click.echo(f"{known.name}: {right.mean():.2%} of the {len(right):,} test images right")
    for digit in range(10):
        click.echo(f"  {digit}  {right[mnist.test_labels == digit].mean():.1%}")


@main.command()
@click.argument("image", type=FOLDER)
@click.option("--network", default=TUTORIAL, help="a shipped network's name, or a run folder")
@click.option("--centred", is_flag=True, help="scale and centre the digit as MNIST's are")
def predict(image: Path, network: str, centred: bool) -> None:
    """Classify a picture of a digit, or of several; what a photo has is found, and prepared centred."""
    with image.open("rb") as file:
        try:
            found = photo.digits(photo.read(file))
        except NotAPicture as error:
            raise NotAPicture(f"{image}: {error}") from error
    if not found:
        raise BlankDrawing("There is no ink to be seen in the picture.")
    asked = classifier.load(network)
    for digit in found:
        probabilities = asked.probabilities(drawing.to_input(digit.rgba, centred))[0]
        click.echo("\n".join(words.answer(probabilities)))


@main.command()
@click.argument("network")
@click.option("--centred", is_flag=True, help="with centring in front of the network")
@click.option("--near", is_flag=True, help="only at the 49 places within 3 px, in a seventh of the time")
@with_progress
def shift(network: str, centred: bool, near: bool, progress: str) -> None:
    """Measure a network, by name or run folder, on the test images at every offset; the figures go into its folder."""
    show = offsets_shown(progress, len(measuring.offsets(near)))
    found = measuring.measure_shifts(network, centred, dataset.load(), show, near)
    by_shift: list[float] = [] if found.shifts is None else found.shifts.by_shift.tolist()
    rows = [f"{k:3} px  {accuracy:6.1%}  {words.blocks(accuracy)}" for k, accuracy in enumerate(by_shift)]
    text = "\n".join([*rows, *words.places(found.places), f"saved in {found.file}"])
    tell(progress, {"folder": str(found.file.parent)}, text)


@main.command()
@click.argument("network", type=NETWORK, metavar="NETWORK")
@click.option("--out", type=FOLDER, help="a run folder, which keeps the result")
@with_recipe
@with_progress
def shuffle(network: str, out: Path | None, progress: str, **changes: Any) -> None:
    """Train a network on images whose pixels are in another order, and say how well it does."""
    chosen, stopping = changed(network, changes), stop_on_signals()
    run, _ = training_modules()
    accuracy = run.shuffle(network, chosen, dataset.load(), shown(chosen, progress), stopping.is_set, out)
    click.echo(f"test accuracy {accuracy:.2%} with shuffled pixels")


@main.command()
@click.argument("names", nargs=-1, type=click.Choice(list(CONDITIONS)), metavar="[NAME]...")
@click.option("--seeds", type=click.IntRange(1, studying.MOST), default=5, show_default=True)
@click.option("--out", type=FOLDER, default=Path("study"), show_default=True, help="a folder of run folders")
@with_progress
def study(names: tuple[str, ...], seeds: int, out: Path, progress: str) -> None:
    """Train and measure each remedy, or those named, with the seeds from 0 on. It goes on where it stopped.

    On this machine, or in the lab at MNIST_CLUSTER. All figures go into study.json in the folder.
    """
    from mnist_model.engine.cluster import chosen  # half a second

    asked = studying.trials([CONDITIONS[name] for name in dict.fromkeys(names) or CONDITIONS], seeds, out)
    stopping = stop_on_signals()
    with contextlib.closing(Queue(chosen)) as queue:
        while not all(trial.has_ended for trial in asked):
            if ended := list(studying.advance(asked, queue)):
                file = studying.write(out)
            for trial in ended:
                trial_shown(trial, progress)
            tell(progress, None, f"\r{queue.trouble or studying.state(asked):{LINE}}", nl=False, err=True)
            if stopping.wait(GLANCE):
                raise Stopped("It was stopped; the same command goes on.")
    tell(progress, {"file": str(file)}, f"saved in {file}")
    if any(trial.error for trial in asked):
        raise SystemExit(1)


@main.command()
@click.option("--centred", is_flag=True, help="only those that are compared with centring in front, too")
@click.option("--shuffled", is_flag=True, help="only those that are trained with shuffled pixels, too")
def networks(centred: bool, shuffled: bool) -> None:
    """The names of the networks, one a line."""
    for network in NETWORKS.values():
        if (network.is_centred_too or not centred) and (network.is_shuffled or not shuffled):
            click.echo(network.name)


@main.command()
@click.argument("file", type=FOLDER)
@click.option("--out", type=FOLDER, default=Path(), help="the folder that the worksheet goes into (default: this one)")
@click.option("--check", is_flag=True, help="only say whether there is a fault in it")
def lesson(file: Path, out: Path, check: bool) -> None:
    """Check a lesson's file, and write its worksheet: a PDF to write on, and one with answers and notes."""
    checked = reading.read(file)
    length = f"{counted(len(checked.steps), 'step')}, {counted(checked.minutes, 'minute')}"
    click.echo(f"{checked.title}: {length}, no fault found")
    for name, with_answers in {"worksheet": False, "answers": True}.items():
        if not check:
            made = out / f"{checked.name}-{name}.pdf"
            made.write_bytes(worksheet(checked, with_answers))
            click.echo(f"saved {made}")


@main.command()
@click.argument("host")
@click.argument("port", type=int)
def addresses(host: str, port: int) -> None:
    """Where to point a browser when the app is served at HOST and PORT."""
    click.echo(f"{invitation(host, port)}\n")


def changed(network: str, changes: dict[str, Any]) -> Recipe:
    """The network's own recipe, with what the command line changes in it."""
    given = {name: value for name, value in changes.items() if value is not None}
    if ("layers" in given) != (network == OWN.name):
        raise click.UsageError(f"--layers are for {OWN.name}, a network of one's own, which needs them.")
    try:
        return replace(TRAINABLE[network].recipe, **given)
    except NudgeError as error:
        raise click.UsageError(str(error)) from error


def stop_on_signals() -> threading.Event:
    """Ctrl-C and SIGTERM set the event; the second Ctrl-C ends the process as ever."""
    stopping = threading.Event()

    def ask(*_: object) -> None:
        stopping.set()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, ask)
    signal.signal(signal.SIGTERM, ask)
    return stopping


def shown(chosen: Recipe, progress: str) -> Callable[[Message], None]:
    """What shows how a training goes: a JSON line a record, or a line an epoch, which changes until that is done."""

    def show(said: Message) -> None:
        """Show what a training says, a message."""
        match said:
            case Record():
                text = f"\r{line(said, chosen.epochs):{LINE}}"
                tell(progress, said._asdict(), text, nl=said.is_epochs_end)
            case Progress(done):  # of its evaluation
                part_shown(progress)(done)

    return show


def line(record: Record, epochs: int) -> str:
    said = f"epoch {record.epoch:5.2f} of {epochs}  loss {record.loss:.4f}  accuracy: {record.accuracy:6.1%}"
    return said if record.test_accuracy is None else f"{said}  test: {record.test_accuracy:6.1%}"


def trial_shown(trial: Trial, progress: str) -> None:
    """Show how a trial of a study has ended."""
    said = trial.error or words.figures(trial.figures()[0])
    tell(progress, {"trial": trial.name, "error": trial.error}, f"\r{f'{trial.name}: {said}':{LINE}}")


def part_shown(progress: str) -> Callable[[float], None]:
    """What shows how much of an evaluation is done, 0–1: a JSON line, or nothing."""
    return lambda done: tell(progress, {"measured": done})


def offsets_shown(progress: str, of: int) -> Callable[[int], None]:
    """What shows how many offsets are done, of so many: a JSON line, or a line that changes."""
    return lambda done: tell(progress, {"offsets": done, "of": of}, f"\r{done}/{of} offsets", nl=done == of, err=True)


def tell(progress: str, record: dict[str, Any] | None, text: str = "", nl: bool = True, err: bool = False) -> None:
    """Say how a command goes, or where its figures are: a record as a JSON line, or a text, where there is one.

    A text without a new line, which the next one overwrites, is for a terminal only: no log is filled with them.
    """
    if progress == "json" and record:
        click.echo(json.dumps(record))
    elif progress == "bar" and text and (nl or (sys.stderr if err else sys.stdout).isatty()):
        click.echo(text, nl=nl, err=err)
