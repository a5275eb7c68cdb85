"""Handing a page on: its address copied, or as a QR code that fills the screen; and the class's address as one.

HTML only: what it does is done by the browser (frontend/share.js), which alone knows the address as it now is.
"""

import functools
import html
import time
from urllib.parse import quote

import streamlit as st

from mnist_model.addresses import class_addresses, reached_at


def share() -> str:
    """Buttons for the page's address: HTML."""
    places = html.escape(" ".join(addresses()))
    return (
        f'<div class="share" data-places="{places}"><button>Copy link</button><button>QR code</button>'
        '<p class="spoken" role="status" aria-live="polite"></p></div>'
    )


def class_address() -> str:
    """Where phones find this server, also to be photographed: HTML."""
    return "".join(_for_phones(*url.split("//")) for url in addresses())


def addresses() -> list[str]:
    """Where others reach this server; nothing where they do not. Asked for once a minute."""
    return _addresses(int(time.monotonic() // 60))


@functools.lru_cache(maxsize=1)
def _addresses(_minute: int) -> list[str]:
    return class_addresses(*reached_at(st.get_option("server.address"), st.get_option("server.port")))


def _for_phones(scheme: str, place: str) -> str:
    url = f"{scheme}//{place}"
    return (
        f'<div>On your phone, open {scheme}//</div><div class="address">{place}</div>'
        f'<img class="qr" src="./qr.svg?of={quote(url, safe="")}" alt="{url}" title="Show it large">'
    )
