"""The command line: one path for a terminal, the app and the shipped networks."""

import json
import shutil
import signal
import subprocess
import sys

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image, ImageDraw

from mnist_model import cli
from mnist_model.images import dataset
from mnist_model.networks import classifier
from mnist_model.networks.registry import NETWORKS
from mnist_model.networks.run_folder import RunFolder, find
from mnist_model.render.png import png
from tests.conftest import ROOT

SMALL = ["train", "dense", "--epochs", "1", "--examples", "320"]


def run(*arguments) -> subprocess.CompletedProcess:
    """A command in a process of its own, as from a terminal."""
    command = [sys.executable, "-m", "mnist_model", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def invoke(*arguments):
    """A command in this process."""
    return CliRunner().invoke(cli.main, [str(each) for each in arguments])


def begin(*arguments) -> subprocess.Popen:
    command = [sys.executable, "-m", "mnist_model", *map(str, arguments), "--progress", "json"]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize("arguments", [(), *((name,) for name in cli.main.commands)], ids=" ".join)
def test_every_command_has_help(arguments):
    done = invoke(*arguments, "--help")
    assert done.exit_code == 0 and done.output.startswith("Usage: ")
    if arguments:
        assert len(done.output.splitlines()[2]) > 20, "and says what it does"


def test_python_m_mnist_model_is_the_command_line():
    done = run("networks")
    assert done.stdout.split() == list(NETWORKS) and done.stderr == ""


def test_networks_can_be_chosen_for_the_makefile():
    assert invoke("networks", "--centred").output.split() == ["dense"]
    assert invoke("networks", "--shuffled").output.split() == ["dense", "conv", "conv-global"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run folder, and what training it printed line by line."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    return RunFolder(folder), run(*SMALL, "--out", folder, "--progress", "json")


def test_training_writes_a_run_folder_and_reports_it_line_by_line(trained):
    folder, done = trained
    assert done.returncode == 0 and done.stderr == ""
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert records[-1] == {"folder": str(folder.path)}
    assert records[-2] == {"measured": 1.0}
    last = [record for record in records if "loss" in record][-1]
    assert last["examples"] == 320 and last["test_accuracy"] > 0.3
    assert folder.report().recipe.examples == 320
    evaluated = invoke("evaluate", folder.path)
    assert evaluated.exit_code == 0 and "of the 10,000 test images right" in evaluated.output


def test_the_same_seed_gives_the_same_network_and_a_person_sees_how_it_goes(trained, tmp_path):
    again = run(*SMALL, "--out", tmp_path / "again")
    assert "test accuracy" in again.stdout and "accuracy:" in again.stdout and "epoch  1.00 of 1" in again.stdout
    first, second = trained[0], RunFolder(tmp_path / "again")
    assert all(map(np.array_equal, first.weights(), second.weights()))
    assert first.report().evaluation == second.report().evaluation


def test_a_run_is_measured_on_shifted_images(trained, monkeypatch):
    folder, _ = trained
    mnist = dataset.load()
    few = mnist._replace(test_images=mnist.test_images[:300], test_labels=mnist.test_labels[:300])
    monkeypatch.setattr(dataset, "load", lambda: few)
    measured = invoke("shift", folder.path, "--progress", "json")
    lines = [json.loads(line) for line in measured.output.splitlines()]
    assert len(lines) == 17 * 17 + 8 * 6 + 1 and lines[-2] == {"offsets": 337, "of": 337}
    kept = json.loads((folder.path / "shift.json").read_text())
    said = classifier.load(folder.path).probabilities(dataset.scale(few.test_images)).argmax(1)
    assert kept["accuracy"][0] == np.mean(said == few.test_labels)
    assert kept["command"] == "python -m mnist_model shift dense"
    shown = invoke("shift", folder.path, "--centred").output
    assert "14 px" in shown and "shift-centred.json" in shown
    places = folder.places(centred=True)
    assert f"{100 * places.changed:.1f} % of the moves by 1 px" in shown


def test_a_run_is_measured_within_3_px_in_a_seventh_of_the_time(trained, tmp_path, monkeypatch):
    folder = RunFolder(shutil.copytree(trained[0].path, tmp_path / "run"))
    for file in ("shift.json", "places.json"):
        (folder.path / file).unlink(missing_ok=True)
    mnist = dataset.load()
    few = mnist._replace(test_images=mnist.test_images[:300], test_labels=mnist.test_labels[:300])
    monkeypatch.setattr(dataset, "load", lambda: few)
    lines = invoke("shift", folder.path, "--near", "--progress", "json").output.splitlines()
    assert len(lines) == 49 + 1 and json.loads(lines[-2]) == {"offsets": 49, "of": 49}
    assert folder.places_changed() and not folder.shifts_changed()
    near = folder.places()
    invoke("shift", folder.path)
    assert folder.shifts_changed() and folder.places() == near
    assert "14 px" not in invoke("shift", folder.path, "--near").output


def test_ctrl_c_ends_a_training_and_keeps_what_it_learned(tmp_path):
    process = begin("train", "dense", "--epochs", "500", "--out", tmp_path / "run")
    lines = [process.stdout.readline() for _ in range(20)]
    assert json.loads(lines[-1])["examples"] > 0
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=20)
    assert process.returncode == 0 and errors == ""
    assert json.loads(rest.splitlines()[-1]) == {"folder": str(tmp_path / "run")}
    report = RunFolder(tmp_path / "run").report()
    assert 0 < report.epochs < 500 and report.evaluation is None
    assert invoke("measure", tmp_path / "run").exit_code == 0
    assert RunFolder(tmp_path / "run").report().evaluation.test_accuracy > 0.7


def test_ctrl_c_before_anything_was_learned_leaves_nothing(tmp_path):
    """Here while digits are being drawn for robust, which takes seconds."""
    process = begin("train", "robust", "--out", tmp_path / "run")
    assert json.loads(process.stdout.readline())["epoch"] == 0
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130 and errors.strip() == "stopped" and not list(tmp_path.iterdir())


def test_predict_reads_a_picture(tmp_path):
    picture = Image.new("L", (280, 280))
    ImageDraw.Draw(picture).line([(90, 70), (190, 70), (130, 220)], fill=255, width=22)
    picture.save(tmp_path / "seven.png")
    done = invoke("predict", tmp_path / "seven.png", "--centred")
    first, *rows = done.output.splitlines()
    assert done.exit_code == 0 and first.startswith("7  (") and "100" not in first
    assert [row.split()[0] for row in rows] == list("0123456789") and rows[7].split()[1] in first


def test_predict_reads_what_the_app_lets_one_download(tmp_path):
    image = Image.new("L", (28, 28))
    ImageDraw.Draw(image).line([(14, 4), (14, 24)], fill=255, width=3)
    (tmp_path / "one.png").write_bytes(png(np.asarray(image) / 255))
    assert invoke("predict", tmp_path / "one.png").output.startswith("1 ")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("train", "conv9000"), 2, "'conv9000' is not one of 'dense'"),
        (("train", "dense", "--epochs", "0"), 2, "0 is not in the range 1<=x<=1000"),
        (("train", "dense", "--batch", "-3"), 2, "-3 is not in the range"),
        (("train", "dense", "--examples", "60001"), 2, "60001 is not in the range 1<=x<=60000"),
        (("train", "dense", "--epochs", "many"), 2, "'many' is not a valid integer"),
        (("train", "dense", "--learning-rate", "-1"), 2, "-1.0 is not in the range x>0"),
        (("train", "dense", "--learning-rate", "nan"), 2, "Learning rate: nan is not a number above 0"),
        (("train", "dense", "--out", "tests"), 1, "tests exists and is not a run folder"),
        (("measure", "nowhere"), 1, "There is no network 'nowhere'"),
        (("evaluate", "conv9000"), 1, "There is no network 'conv9000'"),
        (("shift", "nowhere"), 1, "There is no network 'nowhere'"),
        (("predict", "nowhere.png"), 1, "nowhere.png: No such file or directory"),
        (("predict", "pyproject.toml"), 1, "pyproject.toml: The file is not a picture that can be read"),
        (("predict", "BLANK"), 1, "There is no ink"),
        (("predict",), 2, "Missing argument 'IMAGE'"),
        (("fly",), 2, "No such command 'fly'"),
    ],
)
def test_mistakes_get_one_line(tmp_path, monkeypatch, arguments, code, sentence):
    monkeypatch.chdir(ROOT)
    Image.new("L", (28, 28)).save(tmp_path / "blank.png")
    done = invoke(*(tmp_path / "blank.png" if a == "BLANK" else a for a in arguments))
    assert done.exit_code == code and sentence in done.output and "Traceback" not in done.output
    assert len([line for line in done.output.splitlines() if "Error: " in line]) == 1


def test_evaluate_says_what_the_report_says():
    said = invoke("evaluate", "dense").output
    assert f"dense: {find('dense').report().evaluation.test_accuracy:.2%} of the 10,000 test images right" in said


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_line_that_changes_is_for_a_terminal_and_fills_no_log(monkeypatch, capsys, is_terminal):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: is_terminal)
    cli.tell("bar", None, "\r1/2", nl=False, err=True)
    assert capsys.readouterr().err == "\r1/2" * is_terminal
