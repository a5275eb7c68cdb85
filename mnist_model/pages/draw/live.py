"""Answers while the pen is down: the browser runs the chosen network itself (frontend/live.js)."""

import numpy as np
import streamlit as st

from mnist_model.networks import doubt
from mnist_model.pages.draw.answer import UNTAUGHT, who
from mnist_model.pages.shared.chosen import network, network_beside
from mnist_model.pages.shared.forward import send
from mnist_model.pages.shared.frontend import script
from mnist_model.pages.shared.networks import packed
from mnist_model.render import answers, remedies

LEARNED = "It has learned from such digits, others in each epoch, and from scribbles that are none."
NOTHING = np.zeros(10, np.float32)

_live = st.components.v2.component(
    "nudge_live",
    html='<div class="live-answer"><div class="shown" aria-hidden="true" hidden>'
    + answers.answer(NOTHING, "")
    + answers.remark("", "")
    + answers.bars(NOTHING)
    + UNTAUGHT
    + '</div><p class="spoken" role="status" aria-live="polite"></p></div>',
    js=script("show", "address", "drawing", "live"),
    isolate_styles=False,
)


def answer(centred: bool, address: dict[str, str]) -> None:
    """Shown over the server's answer during a stroke; goes into the container "answers" beside it.

    It writes the page's address on the way: an element of its own would cost every stroke a message.
    """
    chosen, other = network(), network_beside()
    _live(
        data={"centred": centred, "names": [chosen.name, other.name], "who": who(), "address": address} | doubt.LIMITS,
        key="live",
    )


def networks() -> None:
    """Send the chosen network and the one beside it to the browser, once: not where a stroke reruns it.

    And show what that which can doubt has learned from.
    """
    for place, each in (("chosen", network()), ("beside", network_beside())):
        send(packed(each, place), place)
        rows = each.folder.learned() if each.about.can_doubt else None
        if rows is not None:
            shown = remedies.remedy(each.name, each.about.line, remedies.learned(rows), LEARNED)
            st.html(f'<div class="explained">{shown}</div>')
