"""Handing a page on: its address copied, or as a QR code that fills the screen; and the class's address as one."""

import functools
import time

import segno
import streamlit as st

from mnist_model.addresses import class_addresses, reached_at
from mnist_model.pages.shared.frontend import script

LONGEST = 1000  # characters of an address: a QR code of more is too fine for the back row

_share = st.components.v2.component(
    "nudge_share",
    html="""<div class="share"><button>Copy link</button><button>QR code</button></div>
        <p class="spoken" role="status" aria-live="polite"></p>
        <dialog class="qr"><img alt="The QR code of the address below"><p></p><button>Close</button></dialog>""",
    js=script("show", "address", "share"),
    isolate_styles=False,
)


@st.fragment
def share() -> None:
    """Buttons for the page's address as it now is, which only the browser knows: it says so when it needs the code."""

    def asked() -> None:
        match st.session_state.share.get("asked"):
            case str(address) if address.isascii() and len(address) <= LONGEST:
                st.session_state.coded = address

    address = st.session_state.pop("coded", "")
    data = {"places": addresses(), "address": address, "code": qr_code(address) if address else ""}
    _share(data=data, key="share", on_asked_change=asked)


def class_address() -> None:
    """Where phones find this server, also to be photographed."""
    for url in addresses():
        scheme, place = url.split("//")
        st.html(
            f'<div>On your phone, open {scheme}//</div><div class="address">{place}</div>'
            f'<img class="qr" src="{qr_code(url)}" alt="{url}" title="Show it large">'
        )


def addresses() -> list[str]:
    """Where others reach this server; nothing where they do not. Asked for once a minute."""
    return _addresses(int(time.monotonic() // 60))


@functools.lru_cache(maxsize=1)
def _addresses(_minute: int) -> list[str]:
    return class_addresses(*reached_at(st.get_option("server.address"), st.get_option("server.port")))


@functools.lru_cache(maxsize=100)
def qr_code(address: str) -> str:
    """An address as a QR code: a picture's address, black on white whatever the page's colours are."""
    code = segno.make_qr(address, error="l", boost_error=False)
    return code.svg_data_uri(omitsize=True, light="#fff", border=2)
