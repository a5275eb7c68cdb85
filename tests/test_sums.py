"""A shipped network's file that is not the one that was shipped gets one sentence, and no answer."""

import hashlib
import shutil
import subprocess
import sys

import pytest

from mnist_model.networks import classifier, run_folder, study, sums
from mnist_model.networks.errors import NetworkError
from mnist_model.networks.run_folder import SHIPPED, RunFolder, find, shipped
from mnist_model.pages.shared import networks

LISTED = dict(line.split()[::-1] for line in (SHIPPED / sums.LIST).read_text().splitlines())
READS = {
    "model.tflite": RunFolder.tflite,
    "layers.tflite": RunFolder.layers_tflite,
    "model.keras": RunFolder.keras_layers,
    "weights.npz": RunFolder.weights,
    "report.json": RunFolder.report,
    "history.csv": RunFolder.history,
    "shift.json": RunFolder.shifts,
    "breaking.npy": RunFolder.shifts,
    "places.json": RunFolder.places,
    "shuffled.json": RunFolder.shuffled_accuracy,
    "learned.npy": RunFolder.learned,
}


def test_every_file_of_every_shipped_network_is_listed_with_its_sum():
    files = {file.relative_to(SHIPPED).as_posix(): file for name in shipped() for file in find(name).path.iterdir()}
    files |= {study.FILE: SHIPPED / study.FILE}
    assert {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in files.items()} == LISTED


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """The shipped dense network in another place, where it can be damaged."""
    monkeypatch.setattr(run_folder, "SHIPPED", tmp_path)
    files = RunFolder(SHIPPED / "dense").files() | RunFolder(SHIPPED / "robust").files("learned.npy")
    find.cache_clear()
    folder = RunFolder(tmp_path / "dense")
    folder.write_files(files)
    subprocess.run([sys.executable, "-m", "mnist_model.networks.sums", tmp_path], check=True)
    sums._listed.cache_clear()
    yield folder
    find.cache_clear()
    sums._listed.cache_clear()


@pytest.mark.parametrize("name", READS)
def test_a_flipped_bit_is_one_sentence_that_says_what_to_do(copied, name):
    READS[name](copied)
    content = bytearray((copied.path / name).read_bytes())
    content[len(content) // 2] ^= 1
    (copied.path / name).write_bytes(content)
    sentence = r"^dense cannot be read: .* missing or damaged: `git checkout assets/networks/dense` restores it\.$"
    with pytest.raises(NetworkError, match=sentence):
        READS[name](copied)
    if name in ("model.tflite", "report.json"):
        with pytest.raises(NetworkError, match=sentence):
            classifier.load("dense")


@pytest.mark.parametrize(
    "content", [None, b"", b"[]", b'{"dense": {}}', b'{"x": {"parameters": 1, "seeds": []}}', b"\xff"]
)
@pytest.mark.parametrize("is_listed", [True, False])
def test_a_study_that_is_not_the_shipped_one_is_one_sentence(tmp_path, monkeypatch, content, is_listed):
    monkeypatch.setattr(networks, "SHIPPED", tmp_path)
    shutil.copy(SHIPPED / study.FILE, tmp_path)
    if is_listed:
        shutil.copy(SHIPPED / sums.LIST, tmp_path)
    assert "dense" in networks.studied.__wrapped__()
    if content is None:
        (tmp_path / study.FILE).unlink()
    else:
        (tmp_path / study.FILE).write_bytes(content)
    with pytest.raises(NetworkError, match=r"^The study is missing or damaged: `git checkout assets/networks/study"):
        networks.studied.__wrapped__()


def test_a_flipped_bit_in_the_study_is_seen(tmp_path, monkeypatch):
    monkeypatch.setattr(networks, "SHIPPED", tmp_path)
    shutil.copy(SHIPPED / sums.LIST, tmp_path)
    (tmp_path / study.FILE).write_bytes((SHIPPED / study.FILE).read_bytes().replace(b"0.9", b"0.8", 1))
    with pytest.raises(NetworkError, match="The study is missing or damaged"):
        networks.studied.__wrapped__()


def test_networks_that_are_being_made_have_no_list_yet(copied):
    (copied.path.parent / sums.LIST).unlink()
    sums._listed.cache_clear()
    (copied.path / "shuffled.json").write_text('{"test_accuracy": 0.5}')
    assert copied.shuffled_accuracy() == 0.5
