"""The README is short, its figures are the measured ones, and what it points to is there."""

import re
import shlex

import click
import pytest

from mnist_model import cli
from mnist_model.networks.registry import NETWORKS
from mnist_model.networks.remedies import REMEDIES
from mnist_model.networks.run_folder import find
from tests.conftest import ROOT

README = (ROOT / "README.md").read_text()
FILES = [ROOT / "README.md", ROOT / "tests" / "bench" / "README.md", ROOT / "assets" / "README.md"]


def code(text: str) -> list[str]:
    """The lines of code and the spans of it."""
    return re.findall(r"^ {4}(.+)", text, re.MULTILINE) + re.findall(r"`([^`\n]+)`", text)


def test_it_is_short():
    lines = README.splitlines()
    assert len(lines) <= 120
    assert [line for line in lines if len(line) > 120] == []


@pytest.mark.parametrize("remedy", REMEDIES, ids=lambda remedy: remedy.title)
def test_the_table_is_the_measured_one(remedy):
    folder = find(remedy.network)
    report, shifts = folder.report(), folder.shifts(remedy.centred)
    shuffled = ""
    if NETWORKS[remedy.network].is_shuffled and not remedy.centred:
        shuffled = f" {100 * folder.shuffled_accuracy():.1f}"
    accuracies = " | ".join(f"{100 * value:.1f}" for value in (*shifts.by_shift[[0, 2, 4, 6]], shifts.nearby))
    near = " | ".join(f"{100 * value:.1f}" for value in folder.places(remedy.centred))
    row = f"| {remedy.title} | {report.parameters:,} | {report.seconds:.0f} s | {accuracies} | {near} |{shuffled} |"
    assert row in README.splitlines()


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
