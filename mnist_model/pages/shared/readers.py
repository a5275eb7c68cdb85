"""What reads one value of a page's address into the session, or raises BadValue: links.py says when."""

from collections.abc import Callable, Iterable

import streamlit as st

Reader = Callable[[str], None]


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
