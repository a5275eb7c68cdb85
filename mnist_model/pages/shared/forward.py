"""An image's way through the chosen network, number by number: the browser computes it (frontend/forward.js)."""

import base64

import numpy as np
import streamlit as st

from mnist_model.pages.shared.frontend import script, sent
from mnist_model.pages.shared.readers import whole

FIRST = 41  # the unit that is shown until another is chosen: of every network at work for many digits
LAST = 4095  # of the widest network; of a narrower one, the browser takes its own last
read_unit = whole("unit", 0, LAST)  # from a page's address

_forward = st.components.v2.component(
    "nudge_forward",
    html='<label class="unit">Follow unit <input type="number" min="0" step="1"></label><div class="forward"></div>',
    js=script("show", "address", "inked", "stages", "forward"),
    isolate_styles=False,
)
_receive = st.components.v2.component("nudge_receive", js=script("network", "receive"), isolate_styles=False)


def send(content: bytes, place: str) -> None:
    """Send a network to the browser, packed: what it is there for is `place`, "chosen" or "beside"."""
    _receive(data=content, key=f"receive-{place}")


def forward(image: np.ndarray, source: str, address: dict[str, str], opened: int = 0) -> None:
    """An image's (28, 28) way through the network sent as "chosen", and the unit that is chosen there.

    `source` (HTML) names the image. It writes the page's address on the way, and scrolls to itself where `opened` is
    another number than before.
    """

    def choose() -> None:
        match sent("forward", "unit"):
            case int(unit) if 0 <= unit <= LAST:
                st.session_state.unit = unit

    pixels = base64.b64encode(image.astype("<f4").tobytes()).decode()
    data = {"image": pixels, "source": source, "unit": unit(), "opened": opened, "address": address}
    _forward(data=data, key="forward", on_unit_change=choose)


def unit() -> int:
    """The unit that is shown."""
    found: int = st.session_state.setdefault("unit", FIRST)
    return found
