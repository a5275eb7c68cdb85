"""Where a request comes from."""

import ipaddress

from starlette.requests import HTTPConnection

from mnist_model.addresses import is_loopback

NETWORK = 64  # bits of an IPv6 address that one household has


def address(connection: HTTPConnection) -> str:
    """The address a request comes from; behind a proxy on this machine, the one that the proxy names (X-Real-IP)."""
    peer = connection.client.host if connection.client else ""
    named = connection.headers.get("x-real-ip", "") if is_loopback(peer) else ""
    try:
        parsed = ipaddress.ip_address(named or peer)
    except ValueError:
        return peer
    if parsed.version == 6 and not parsed.is_loopback:
        return str(ipaddress.ip_network((parsed, NETWORK), strict=False))
    return str(parsed)
