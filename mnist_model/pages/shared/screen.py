"""How every page is shown: for a projector (P), and with what is to be guessed covered (H).

Both stand in the address. The browser acts at once, at a key or a button, and says so to the server, which keeps it
(frontend/screen.js). Until that script is there, and while it is, CSS does the covering: nothing shows for a moment.
"""

import html
from collections.abc import Callable

import streamlit as st

from mnist_model.pages.shared.frontend import script, sent
from mnist_model.pages.shared.readers import BadValue, Reader

WORDS = {"view": "projector", "hide": "answers"}  # as an address calls them
USUAL = {"view": "page", "hide": "nothing"}  # what ends them
KEYS = {name: f"screen_{name}" for name in WORDS}  # in the session
# What is covered: elements all of whose text is in elements within them. Those in buttons lift by a press and R only.
COVERS = ", ".join(
    [
        ".answer:not(.empty)",
        ".remark",
        ".bars",
        ".label",
        ".sample p",
        ".st-key-found .gallery .caption",
        ".answers :is(.remedies, .map)",
        ".tells",
        '.st-key-section ~ *:has(> [data-testid="stHtml"])',
        '[data-testid="stElementContainer"]:has([data-testid="stEChartsChart"])',
        '[data-testid="stMetric"]',
        ".scroll:has(> :is(.confusion, .runs))",
        '[class*="st-key-told"] > [data-testid="stElementContainer"]',
        ".forward .told:not(:empty)",
        ".contest",
        ".st-key-picked:not(.st-key-found *)",
        '.st-key-photographed_digits [data-testid="stMarkdownContainer"]:not(button *)',
    ]
)
COVERED = f'.stApp:has(.screen[data-hide="answers"]) :is({COVERS}):not([data-lifted])'
STYLE = (
    f"{COVERED} {{ position: relative; cursor: pointer; }} {COVERED} * {{ visibility: hidden !important; }}"
    f'{COVERED}::before {{ content: "?"; position: absolute; inset: 0; display: grid; place-items: center;'
    " grid-template-rows: minmax(0, 22rem);"  # in sight of what is higher, too
    " background: var(--soft); border-radius: .3rem; font-weight: 700; }"
)
_screen = st.components.v2.component(
    "nudge_screen",
    html="""<div class="screens share"><button data-screen="view">Projector <kbd>P</kbd></button>
        <button data-screen="hide">Hide answers <kbd>H</kbd></button>
        <button data-screen="reveal" hidden>Reveal <kbd>R</kbd></button></div>
        <p class="spoken" role="status" aria-live="polite"></p>""",
    js=script("show", "covers", "screen"),
    isolate_styles=False,
)


def _reads(name: str) -> Reader:
    """Reads how every page is to be shown: the word that has it so, or the one that has it as usual."""

    def read(text: str) -> None:
        if text not in (WORDS[name], USUAL[name]):
            raise BadValue(f"one of {WORDS[name]}, {USUAL[name]}")
        st.session_state[KEYS[name]] = None if text == USUAL[name] else text

    return read


LINK: dict[str, Reader] = {name: _reads(name) for name in WORDS}


def state() -> dict[str, str | None]:
    """What every page's address says of it."""
    return {name: st.session_state.get(key) for name, key in KEYS.items()}


def marker(network: str) -> str:
    """The state as it is, sent before all that it covers: what the network of this title says. HTML."""
    shown = "".join(
        f' data-{name}="{html.escape(word or "")}"' for name, word in (state() | {"network": network}).items()
    )
    return f'<style>{STYLE}</style><i class="screen" hidden{shown}></i>'


def buttons(start: Callable[[str], None]) -> None:
    """What changes it; and the lessons that the sidebar offers, each by its name, are begun."""

    def asked() -> None:
        """Keep what was pressed in the browser, or begin a lesson."""
        match sent("screen", "asked"):
            case {"view": bool(view), "hide": bool(hide)}:
                for name, is_on in (("view", view), ("hide", hide)):
                    st.session_state[KEYS[name]] = WORDS[name] if is_on else None
            case {"lesson": str(lesson)}:
                start(lesson)

    _screen(data=state() | {"covers": COVERS}, key="screen", on_asked_change=asked)
