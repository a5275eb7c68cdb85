"""Links that hold the state: what stands in a page's address, how it is read when the page is entered, and written.

Each page names its values in a table of readers, in the order in which they are read: a reader puts one value into the
session, or raises BadValue. The server says with every run what the address is to be; the browser writes it there
(frontend/address.js), and knows where the digit on the Shift page is before the server does.
"""

from collections.abc import Callable, Iterable
from urllib.parse import urlencode

import streamlit as st

from mnist_model.pages.shared.frontend import script

Reader = Callable[[str], None]
Address = dict[str, str]  # for frontend/address.js: the page's name, and its address's query

_address = st.components.v2.component(
    "nudge_address", html="<i hidden></i>", js=script("address", "write_address"), isolate_styles=False
)


class BadValue(ValueError):
    """A value is not what it must be; the message says what that is, to be put after "is not"."""


def one_of(key: str, options: Iterable[str]) -> Reader:
    """Reads one of a few words into the session's `key`."""
    words = {word(option): option for option in options}

    def read(text: str) -> None:
        if text not in words:
            raise BadValue(("one of " if len(words) > 1 else "") + ", ".join(words))
        st.session_state[key] = words[text]

    return read


def word(option: str) -> str:
    """How an option is called in an address."""
    return option.lower().replace("–", "-")


def whole(key: str, least: int, most: int) -> Reader:
    """Reads a whole number into the session's `key`."""

    def read(text: str) -> None:
        st.session_state[key] = whole_number(text, least, most)

    return read


def whole_number(text: str, least: int, most: int) -> int:
    """A whole number within bounds that are inclusive. Raises BadValue."""
    digits = text.removeprefix("-")
    number = int(text) if digits.isascii() and digits.isdecimal() and len(digits) < 12 else None
    if number is None or not least <= number <= most:
        raise BadValue(f"a whole number from {least} to {most:,}")
    return number


def enter(page: str, readers: dict[str, Reader]) -> None:
    """Where a page is entered, note what its address asks for, and read what the address of every page has."""
    if page == st.session_state.get("entered"):
        return
    st.session_state.update(entered=page, asked=st.query_params.to_dict(), left_out=[])
    if st.session_state.asked:
        st.session_state.forget = 2
    _read(readers)


def read(readers: dict[str, Reader]) -> None:
    """Read a page's own values, before its widgets are made; what had to be left out is said, once.

    An address as the page left it says nothing new: the page may know more, as the strokes of a drawing.
    """
    left = st.session_state.get("addresses", {}).get(st.session_state.entered, {})
    if any(left.get(name) != text for name, text in st.session_state.asked.items() if name in readers):
        _read(readers)
    left_out, st.session_state.left_out, st.session_state.asked = st.session_state.left_out, [], {}
    if left_out:
        st.warning(" ".join(left_out))


def everywhere(**values: str | None) -> None:
    """Say what stands in the address of every page."""
    st.session_state.everywhere = values


def address(**values: object) -> Address:
    """What the address of the page is to be: its values, None for what it has not, and what every page has."""
    page = st.session_state.entered
    every = values | st.session_state.everywhere
    texts = {name: str(value) for name, value in every.items() if value is not None}
    st.session_state.setdefault("addresses", {})[page] = texts
    _forget()
    return {"page": page, "query": urlencode(texts, safe=",")}


def write(**values: object) -> None:
    """Have the browser write the page's address."""
    with st.container(key="address"):
        _address(data=address(**values), key="page_address")


def _read(readers: dict[str, Reader]) -> None:
    for name in (name for name in readers if name in st.session_state.asked):
        try:
            readers[name](st.session_state.asked[name])
        except BadValue as error:
            st.session_state.left_out.append(f"The link's “{name}” is not {error}; it was left out.")


def _forget() -> None:
    """Have Streamlit's browser part forget, a run later, the address it was opened with.

    Else it would send that again should the connection break, whatever the address is by then. By that run the address
    is the browser's: what Streamlit would do to it is prevented there (frontend/address.js).
    """
    if st.session_state.get("forget"):
        st.session_state.forget -= 1
        if not st.session_state.forget:
            st.query_params.clear()
