"""What protects a scheduler, its workers and its servers: beyond one machine, TLS with a lab's keys.

Workers run what they are sent, so whoever can speak to one has its machine.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

from distributed.comm.core import FatalCommClosedError
from distributed.security import Security

from mnist_model.addresses import is_loopback
from mnist_model.runs.errors import NoWorkers
from mnist_model.runs.settings import ROOT

CERTIFICATE, KEY = "lab.pem", "lab.key"


def keys() -> Path:
    """The folder of this machine's keys: MNIST_KEYS, or keys/ in the project."""
    return Path(os.environ.get("MNIST_KEYS") or ROOT / "keys")


def security(address: str) -> Security:
    """What protects the scheduler at an address, or the connection to it.

    Raises NoWorkers where nothing does, and it can be reached from beyond this machine.
    """
    scheme, host = _parts(address)
    if scheme == "tls":
        return _tls(address)
    if is_loopback(host):
        return Security(require_encryption=False)
    raise NoWorkers(
        f"{address} is not on this machine: beyond it, it has to be tls:// with keys, which make keys makes."
    )


def unreachable(address: str, error: Exception) -> NoWorkers:
    """One sentence of why Dask could not connect to a scheduler."""
    if FatalCommClosedError in map(type, (error, error.__cause__)):
        return NoWorkers(f"The scheduler at {address} has other keys than this machine, in {keys()}.")
    return NoWorkers(f"No scheduler answers at {address}.")


def _parts(address: str) -> tuple[str, str]:
    """Scheme and host of tcp://HOST:PORT or tls://HOST:PORT."""
    try:
        url = urlsplit(address)
        if url.scheme in ("tcp", "tls") and url.hostname and url.port:
            return url.scheme, url.hostname
    except ValueError:
        pass  # no port, or no number
    raise NoWorkers(f"{address!r} is not the address of a scheduler, which is like tls://teacher:8786.")


def _tls(address: str) -> Security:
    certificate, key = (str(keys() / name) for name in (CERTIFICATE, KEY))
    both = {"cert": certificate, "key": key}
    ends = {f"tls_{end}_{part}": both[part] for end in ("client", "scheduler", "worker") for part in both}
    made = Security(require_encryption=True, tls_ca_file=certificate, **ends)
    try:
        made.get_connection_args("client")
    except FileNotFoundError as error:
        raise NoWorkers(f"{address} needs keys, and there are none in {keys()}: make keys makes them.") from error
    except OSError as error:  # SSLError, too
        raise NoWorkers(f"The keys in {keys()} cannot be read.") from error
    return made
