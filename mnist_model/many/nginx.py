"""What nginx is told: how it shares people out among the servers, and what it tells these of them."""

import string
from collections.abc import Sequence
from pathlib import Path

TEMPLATE = Path(__file__).with_name("nginx.conf")
AGAIN = "max_fails=1 fail_timeout=1s"  # for as long a server that does not answer is not asked


class _Template(string.Template):
    delimiter = "@"  # nginx's own variables have the dollar


def configuration(host: str, port: int, servers: Sequence[int], folder: Path) -> str:
    """The configuration of an nginx at host and port, in front of servers at these ports of this machine.

    What it has to write goes into `folder`.
    """
    shares = [_upstream("all", [f"server 127.0.0.1:{each} {AGAIN};" for each in servers])]
    for first in servers:
        others = [f"server 127.0.0.1:{each} {AGAIN} backup;" for each in servers if each != first]
        shares.append(_upstream(f"first_{first}", [f"server 127.0.0.1:{first} {AGAIN};", *others]))
    return _Template(TEMPLATE.read_text()).substitute(
        folder=folder,
        listen=f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        known="\n".join(f"        {each} first_{each};" for each in servers),
        upstreams="\n".join(shares),
    )


def _upstream(name: str, lines: list[str]) -> str:
    return "\n".join([f"    upstream {name} {{", *(f"        {line}" for line in lines), "    }"])
