"""The README is short, its figures are the measured ones, and what it points to is there."""

import re
import shlex

import click
import numpy as np
import pytest

from mnist_model import cli
from mnist_model.networks.remedies import REMEDIES
from mnist_model.networks.run_folder import find
from mnist_model.networks.study import differ
from mnist_model.pages.shared import networks
from mnist_model.pages.shift import verdict
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()
STUDY = networks.studied()
TITLES = {remedy.title: remedy.network for remedy in REMEDIES}
FILES = [ROOT / "README.md", ROOT / "tests" / "bench" / "README.md", ROOT / "assets" / "README.md"]


def code(text: str) -> list[str]:
    """The lines of code and the spans of it."""
    return re.findall(r"^ {4}(.+)", text, re.MULTILINE) + re.findall(r"`([^`\n]+)`", text)


def test_it_is_short():
    lines = README.splitlines()
    assert len(lines) <= 120
    assert [line for line in lines if len(line) > 120] == []


@pytest.mark.parametrize("name", STUDY)
def test_the_table_is_the_measured_one(name):
    row, trained = STUDY[name], TITLES.get(name)
    seconds = f"{find(trained).report().seconds:.0f} s" if trained else ""
    figures = np.array([each.shown for each in row.figures]) * 100
    cells = "|".join(f"{mean:.1f}±{sd:.1f}" for mean, sd in zip(figures.mean(0), figures.std(0, ddof=1), strict=True))
    assert f"|{name}|{row.parameters:,}|{seconds}|{len(row.seeds)}|{cells}|" in README.splitlines()


def test_every_remedy_is_in_the_table_and_the_shipped_networks_are_among_its_seeds():
    assert set(TITLES) < set(STUDY)
    for remedy in REMEDIES:
        folder, row = find(remedy.network), STUDY[remedy.title]
        shifts, places = folder.shifts(remedy.centred), folder.places(remedy.centred)
        own = row.figures[row.seeds.index(folder.report().seed)]
        assert own.by_shift == pytest.approx(shifts.by_shift, abs=0.0003) and own.nearby == pytest.approx(shifts.nearby)
        assert own[2:] == pytest.approx(places, abs=0.0003)


@pytest.mark.parametrize(
    ("better", "worse", "column"),
    [
        ("conv", "dense", "0 px"),
        ("conv", "dense", "2 px"),
        ("conv-blur", "conv", "4 px"),
        ("dense", "dense-shifted", "0 px"),
        ("dense-shifted-256", "dense-shifted", "0 px"),
        ("dense-shifted-512", "dense-shifted-256", "0 px"),
        ("conv", "conv-shifted", "0 px"),
        ("conv-shifted", "dense-shifted-512", "0 px"),
        ("conv-shifted", "dense-shifted-512", "all 49"),
        ("conv-global", "conv-shifted", "all 49"),
        ("robust", "conv-global", "all 49"),
    ],
)
def test_what_it_and_the_verdict_call_a_difference_is_more_than_chance(better, worse, column):
    at = verdict.HEAD.index(column) - 3
    above, below = STUDY[better].shown[at], STUDY[worse].shown[at]
    assert above.mean > below.mean and differ(above, below)


def test_its_first_figure_is_the_tutorials():
    assert f"scores {100 * find('dense').report().evaluation.test_accuracy:.1f} % on MNIST" in README


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_link_leads_somewhere(file):
    links = re.findall(r"\]\(([^)\s]+)\)", file.read_text())
    assert [link for link in links if "://" not in link and not (file.parent / link.split("#")[0]).exists()] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_every_command_exists_and_takes_its_options(file):
    lines = [line for line in code(file.read_text()) if line.startswith("python -m mnist_model ")]
    if file == FILES[0]:
        assert {shlex.split(line)[3] for line in lines} >= set(cli.main.commands) - {"addresses"}
    for line in lines:
        name, *arguments = shlex.split(line, comments=True)[3:]
        assert name in cli.main.commands, line
        try:
            cli.main.commands[name].make_context(name, arguments)
        except click.ClickException as error:
            pytest.fail(f"{line}: {error.format_message()}")


def test_every_target_and_module_exists():
    makefile = (ROOT / "Makefile").read_text()
    for line in (line for file in FILES for line in code(file.read_text())):
        if target := re.match(r"make ([a-z]+)", line):
            assert re.search(rf"^{target[1]}:", makefile, re.MULTILINE), line
        if module := re.match(r"python -m (tests\.\S+)", line):
            path = ROOT / module[1].replace(".", "/")
            assert path.with_suffix(".py").exists() or (path / "__main__.py").exists(), line
