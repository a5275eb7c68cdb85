"""Beyond one machine nobody speaks to a scheduler without a lab's keys, and nobody is heard without them."""

import ssl
import stat
import subprocess
import sys

import pytest

from mnist_model.engine import keys
from mnist_model.engine.security import KEY, security
from mnist_model.runs.errors import NoWorkers
from tests.conftest import ROOT


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """This machine's keys, which are not there yet."""
    monkeypatch.setenv("MNIST_KEYS", str(tmp_path / "keys"))
    return tmp_path / "keys"


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:8786", "tcp://localhost:8786", "tcp://[::1]:8786"])
def test_on_this_machine_no_keys_are_needed(address):
    assert not security(address).require_encryption


@pytest.mark.parametrize("host", ["teacher", "192.168.7.7", "0.0.0.0", "[::]", "127.example.org"])
def test_beyond_this_machine_there_is_only_tls(host, home):
    keys.make(home)
    with pytest.raises(NoWorkers, match=r"is not on this machine: beyond it, it has to be tls:// with keys"):
        security(f"tcp://{host}:8786")
    assert security(f"tls://{host}:8786").require_encryption


@pytest.mark.parametrize("address", ["", "teacher", "teacher:8786", "http://teacher:8786", "tls://teacher", "tls://:1"])
def test_what_is_no_address_is_one_sentence(address):
    with pytest.raises(NoWorkers, match=r"is not the address of a scheduler, which is like tls://teacher:8786\.$"):
        security(address)


def test_without_keys_or_with_damaged_ones_it_is_refused(home):
    with pytest.raises(NoWorkers, match=r"needs keys, and there are none in .*: make keys makes them"):
        security("tls://127.0.0.1:8786")
    keys.make(home)
    (home / KEY).write_text("nothing")
    with pytest.raises(NoWorkers, match="cannot be read"):
        security("tls://127.0.0.1:8786")


def test_keys_are_for_their_owners_eyes_and_are_not_replaced(home):
    keys.make(home)
    assert {stat.S_IMODE(file.stat().st_mode) for file in home.iterdir()} == {0o600}
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    before = (home / KEY).read_bytes()
    with pytest.raises(FileExistsError):
        keys.make(home)
    assert (home / KEY).read_bytes() == before


def test_half_a_pair_of_keys_is_not_completed_by_another_half(home):
    keys.make(home)
    (home / KEY).unlink()
    with pytest.raises(FileExistsError):
        keys.make(home)
    assert not (home / KEY).exists()


def test_both_ends_ask_for_the_certificate(home):
    keys.make(home)
    made = security("tls://teacher:8786")
    ends = [made.get_connection_args("client"), made.get_listen_args("scheduler"), made.get_listen_args("worker")]
    assert {end["ssl_context"].verify_mode for end in ends} == {ssl.CERT_REQUIRED}
    assert all(end["require_encryption"] for end in ends)


@pytest.mark.parametrize("end", ["lab_scheduler", "join_lab"])
def test_scheduler_and_worker_refuse_to_open_without_keys(end):
    command = [sys.executable, "-m", f"mnist_model.engine.{end}", "tls://0.0.0.0:18149"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 1 and not done.stdout
    assert done.stderr.startswith("tls://0.0.0.0:18149 needs keys") and len(done.stderr.splitlines()) == 1
