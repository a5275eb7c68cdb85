"""Where to point a browser: the addresses of this machine's own network interfaces.

Asks the interfaces, not the internet: a classroom may have a network and no route out.
"""

import ipaddress
import socket

import psutil

EVERYWHERE = {"", "0.0.0.0", "::"}


def class_addresses(host: str | None, port: int | str) -> list[str]:
    """The URLs that other machines can open for a server bound to `host`: none on loopback, a guess-free list else."""
    if host not in EVERYWHERE and host is not None:
        return [] if is_loopback(host) else [f"http://{host}:{port}"]
    return [f"http://{address}:{port}" for address in _interface_addresses()]


def _interface_addresses() -> list[str]:
    """This machine's IPv4 addresses but loopback and link-local ones, interfaces that are up only."""
    up = psutil.net_if_stats()
    found = (
        entry.address
        for name, entries in psutil.net_if_addrs().items()
        for entry in entries
        if entry.family == socket.AF_INET and name in up and up[name].isup
    )
    usable = (a for a in found if not ipaddress.ip_address(a).is_loopback)
    return sorted(a for a in usable if not ipaddress.ip_address(a).is_link_local)


def is_loopback(host: str | None) -> bool:
    """Whether a server bound to `host` can be reached from this machine only."""
    return host is not None and (host == "localhost" or host.startswith("127.") or host == "::1")
