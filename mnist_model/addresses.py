"""Where to point a browser, the addresses of this machine's own network interfaces; and where a browser is.

Asks the interfaces, not the internet: a classroom may have a network and no route out.
"""

import ipaddress
import os
import socket

import psutil

EVERYWHERE = {"0.0.0.0", "::"}
HOUSEHOLD = 64  # bits of an IPv6 address that are a household's or a school's


def class_addresses(host: str | None, port: int | str) -> list[str]:
    """The URLs that other machines can open for a server bound to `host`: none on loopback, a guess-free list else."""
    hosts = _interface_addresses() if not host or host in EVERYWHERE else [host]
    return [f"http://{each}:{port}" for each in hosts if not is_loopback(each)]


def announcement(host: str, port: int, secret: str = "") -> str:
    """Where to point a browser, for whoever starts the app at host and port; the teacher's browser by their secret."""
    lines = [f"Nudge on this machine:  http://localhost:{port}"]
    if secret:
        lines += [f"you, as the teacher:    http://localhost:{port}/teach/{secret}"]
    lines += [f"for the class:          {address}" for address in class_addresses(host, port)]
    return "\n".join(["", *(f"  {line}" for line in (*lines, "Stop with Ctrl-C."))])


def reached_at(host: str | None, port: int | str) -> tuple[str | None, int | str]:
    """Where people reach a server that listens at host and port: at the proxy in front of it, if there is one.

    `make many` says of its own where that is, in MNIST_REACHED_AT.
    """
    proxy_host, _, proxy_port = os.environ.get("MNIST_REACHED_AT", "").rpartition(":")
    return (proxy_host, proxy_port) if proxy_host else (host, port)


def is_open(host: str | None, port: int | str) -> bool:
    """Whether others than this machine's own browsers may come to a server that listens at host and port."""
    return not is_loopback(reached_at(host, port)[0])


def is_loopback(host: str | None) -> bool:
    """Whether a server bound to `host` can be reached from this machine only."""
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:  # a name, which may lead anywhere
        return False


def visitor_address(peer: str, named: str) -> str:
    """Where a request comes from, of which one knows who sent it here, and whom a proxy names (X-Real-IP).

    A proxy is believed on this machine only: anybody else could name anybody.
    """
    try:
        address = ipaddress.ip_address(named if named and is_loopback(peer) else peer)
    except ValueError:
        return peer
    if address.version == 6 and not address.is_loopback:
        return str(ipaddress.ip_network((address, HOUSEHOLD), strict=False))
    return str(address)


def _interface_addresses() -> list[str]:
    """This machine's IPv4 addresses but link-local ones, interfaces that are up only."""
    up = psutil.net_if_stats()
    found = (
        entry.address
        for name, entries in psutil.net_if_addrs().items()
        for entry in entries
        if entry.family == socket.AF_INET and name in up and up[name].isup
    )
    return sorted(address for address in found if not ipaddress.ip_address(address).is_link_local)
