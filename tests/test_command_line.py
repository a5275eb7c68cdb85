"""The command line: one path for a terminal, the app and the shipped networks."""

import json
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from PIL import Image, ImageDraw

from mnist_model import classifier, figures
from tests.conftest import ROOT

SMALL = ["train", "dense", "--epochs", "1", "--examples", "320"]


def run(*arguments) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "mnist_model", *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "arguments", [(), ("train",), ("evaluate",), ("predict",), ("measure",), ("shift",), ("shuffle",)]
)
def test_every_command_has_help(arguments):
    done = run(*arguments, "--help")
    assert done.returncode == 0 and done.stdout.startswith("usage: python -m mnist_model")


def test_training_writes_a_run_folder_and_reports_it_line_by_line(tmp_path):
    done = run(*SMALL, "--out", tmp_path / "run", "--progress", "json")
    assert done.returncode == 0 and done.stderr == ""
    records = [json.loads(line) for line in done.stdout.splitlines()]
    assert records[-1] == {"folder": str(tmp_path / "run")}
    assert records[-2] == {"measured": 1.0}
    last = [record for record in records if "loss" in record][-1]
    assert last["examples"] == 320 and last["test_accuracy"] > 0.3
    assert classifier.load(tmp_path / "run").report["recipe"]["examples"] == 320

    evaluated = run("evaluate", tmp_path / "run")
    assert evaluated.returncode == 0 and "of the 10,000 test images right" in evaluated.stdout
    again = run(*SMALL, "--out", tmp_path / "again")
    assert "test accuracy" in again.stdout and "accuracy:" in again.stdout
    reports = [json.loads((tmp_path / name / "report.json").read_text()) for name in ("run", "again")]
    assert reports[0]["confusion_matrix"] == reports[1]["confusion_matrix"], "the same seed, the same network"

    measured = run("shift", tmp_path / "run", "--progress", "json")
    assert measured.returncode == 0 and len(measured.stdout.splitlines()) == 17 * 17 + 8 * 6 + 1
    accuracies = json.loads((tmp_path / "run" / "shift.json").read_text())["accuracy"]
    assert len(accuracies) == 15 and accuracies[0] == pytest.approx(reports[0]["test_accuracy"], abs=2e-4)


def test_ctrl_c_ends_a_training_and_keeps_what_it_learned(tmp_path):
    command = [sys.executable, "-m", "mnist_model", "train", "dense", "--epochs", "500", "--progress", "json"]
    options = {"cwd": ROOT, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    process = subprocess.Popen([*command, "--out", str(tmp_path / "run")], **options)
    lines = [process.stdout.readline() for _ in range(20)]
    assert json.loads(lines[-1])["examples"] > 0
    process.send_signal(signal.SIGINT)
    rest, errors = process.communicate(timeout=10)
    assert process.returncode == 0 and errors == ""
    assert json.loads(rest.splitlines()[-1]) == {"folder": str(tmp_path / "run")}
    report = classifier.load(tmp_path / "run").report
    assert 0 < report["epochs"] < 500 and report["test_accuracy"] is None
    assert run("measure", tmp_path / "run").returncode == 0
    assert classifier.load(tmp_path / "run").report["test_accuracy"] > 0.7


def test_ctrl_c_before_anything_was_learned_leaves_nothing(tmp_path):
    command = [sys.executable, "-m", "mnist_model", "train", "dense", "--progress", "json"]
    process = subprocess.Popen([*command, "--out", str(tmp_path / "run")], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    time.sleep(1.5)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130 and errors.strip() == "stopped" and not list(tmp_path.iterdir())


def test_predict_reads_a_picture(tmp_path):
    picture = Image.new("L", (280, 280))
    ImageDraw.Draw(picture).line([(90, 70), (190, 70), (130, 220)], fill=255, width=22)
    picture.save(tmp_path / "seven.png")
    done = run("predict", tmp_path / "seven.png", "--centred")
    assert done.returncode == 0 and done.stdout.startswith("7 ")


def test_predict_reads_what_the_app_lets_one_download(tmp_path):
    image = Image.new("L", (28, 28))
    ImageDraw.Draw(image).line([(14, 4), (14, 24)], fill=255, width=3)
    (tmp_path / "one.png").write_bytes(figures.png(np.asarray(image) / 255))
    assert run("predict", tmp_path / "one.png").stdout.startswith("1 ")


@pytest.mark.parametrize(
    ("arguments", "code", "sentence"),
    [
        (("train", "conv9000"), 2, "invalid choice: 'conv9000'"),
        (("train", "dense", "--epochs", "0"), 2, "'0' is not a whole number of at least 1"),
        (("train", "dense", "--batch", "-3"), 2, "'-3' is not a whole number"),
        (("train", "dense", "--examples", "60001"), 2, "from 1 to 60000"),
        (("train", "dense", "--epochs", "many"), 2, "'many' is not a whole number"),
        (("train", "dense", "--learning-rate", "-1"), 2, "'-1' is not a number above 0"),
        (("train", "dense", "--learning-rate", "nan"), 2, "'nan' is not a number above 0"),
        (("train", "dense", "--out", "tests"), 1, "tests exists and is not a run folder"),
        (("measure", "nowhere"), 1, "There is no network 'nowhere'"),
        (("evaluate", "conv9000"), 1, "There is no network 'conv9000'"),
        (("shift", "nowhere"), 1, "There is no network 'nowhere'"),
        (("predict", "nowhere.png"), 1, "nowhere.png: No such file or directory"),
        (("predict", "pyproject.toml"), 1, "pyproject.toml: The file is not a picture that can be read"),
        (("predict", "BLANK"), 1, "There is no ink"),
        ((), 2, "the following arguments are required"),
    ],
)
def test_mistakes_get_one_line(tmp_path, arguments, code, sentence):
    blank = tmp_path / "blank.png"
    Image.new("L", (28, 28)).save(blank)
    done = run(*(str(blank) if a == "BLANK" else a for a in arguments))
    assert done.returncode == code and sentence in done.stderr and "Traceback" not in done.stderr
    assert len([line for line in done.stderr.splitlines() if "error: " in line]) == 1


def test_robust_learns_from_imitated_hands_and_drawn_digits(tmp_path):
    few = ("--epochs", "1", "--examples", "320", "--drawn", "40", "--out", tmp_path / "run")
    assert run("train", "robust", *few).returncode == 0
    report = json.loads((tmp_path / "run" / "report.json").read_text())
    assert report["recipe"]["imitate"] == "bends" and report["recipe"]["drawn"] == 40
    history = (tmp_path / "run" / "history.csv").read_text().splitlines()
    assert history[-1].split(",")[:2] == ["1", str(320 + 40 + 10)]


def test_a_training_can_be_stopped_while_its_digits_are_being_drawn(tmp_path):
    command = [
        sys.executable,
        "-m",
        "mnist_model",
        "train",
        "robust",
        "--out",
        str(tmp_path / "run"),
        "--progress",
        "json",
    ]
    training = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert json.loads(training.stdout.readline())["epoch"] == 0
    training.send_signal(signal.SIGINT)
    begun = time.monotonic()
    _, said = training.communicate(timeout=20)
    assert time.monotonic() - begun < 5 and training.returncode == 130 and said.strip().endswith("stopped")
    assert not (tmp_path / "run").exists()
