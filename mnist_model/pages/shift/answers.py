"""What every remedy says of the shifted digit, over its place map."""

import html

import streamlit as st

from mnist_model.networks.remedies import CENTRING
from mnist_model.pages.shared import links
from mnist_model.pages.shared.readers import word
from mnist_model.pages.shift.shifted_digit import REACH, PlaceMap, ShiftedDigit
from mnist_model.percent import probability
from mnist_model.render import maps
from mnist_model.render.answers import answer, classes, columns

KEY = (
    "<div><b>A map for each remedy:</b> what it says of this digit at all 29×29 places. Colour is the answer, strong "
    "colour a sure one; hatched, ink has left the frame. Select a place to go there. What each is: “Remedies”, "
    "below.</div>"
    '<div class="signs"><span class="right">right</span><span class="wrong">wrong</span>'
    '<span class="changed">other than before the shift</span></div>'
)


def answers(shown: ShiftedDigit, look: str) -> None:
    """The chosen network's answer after the shift, and every remedy's with its place map; on top of a section."""
    chosen = shown.chosen
    before, after = chosen.before, shown.after(chosen)
    changed = before.argmax() != after.argmax()
    note = f"says {chosen.title}; it said {before.argmax()} before" if changed else f"says {chosen.title}, as before"
    cards = "".join(card(each, shown, each is chosen) for each in shown.maps)
    key = f'<div class="card">{KEY}{maps.digit_key()}</div>'
    lost = f'style="--lost:{shown.everywhere.hatching}"'
    said = answer(after, note, shown.digit.label, changed) + remedies(shown)
    content = f'<div class="said">{said}</div><div class="maps" {lost}>{cards}{key}</div>'
    with st.container(key="shift-answer"):
        served = {
            "dx": shown.dx,
            "dy": shown.dy,
            "presses": st.session_state.get("presses", 0),
            "address": link(shown, look),
        }
        st.html(maps.located(content, shown.dx, shown.dy, "answers", follows="", **served))


def link(shown: ShiftedDigit, look: str) -> str:
    """What the page's address is to be, for an HTML attribute."""
    address = links.address(digit=shown.digit.code, dx=shown.dx, dy=shown.dy, look=word(look))
    return html.escape(address["query"])


def remedies(shown: ShiftedDigit) -> str:
    """Every remedy's answer in a few words, for where the maps are out of sight: HTML."""
    each_says = "".join(
        f'<span class="{kind(each, shown)}" data-short="{html.escape(each.title)}">{html.escape(each.title)} '
        f"<b>{shown.after(each).argmax()}</b></span>"
        for each in shown.maps
    )
    return f'<div class="remedies" aria-hidden="true">{each_says}</div>'


def kind(each: PlaceMap, shown: ShiftedDigit) -> str:
    """Whether a remedy's answer after the shift is right, and was another one before: CSS classes."""
    digit = int(shown.after(each).argmax())
    return classes("card", digit, shown.digit.label, digit != each.before.argmax())


def card(each: PlaceMap, shown: ShiftedDigit, is_chosen: bool) -> str:
    """One remedy's answer after the shift, over its place map: HTML."""
    after = shown.after(each)
    digit, title = int(after.argmax()), html.escape(each.title)
    says = f'<span class="says">{digit}</span> <span class="sure">{html.escape(probability(after[digit]))}</span>'
    tells = f'<div class="tells">{columns(after)}{says}</div>'
    head = f'<figcaption>{title}{tells}<div class="who">{line(each)}</div></figcaption>'
    place_map = maps.marked(each.picture, REACH, jump=True)
    chosen = " chosen" * is_chosen
    return f'<figure class="{kind(each, shown)}{chosen}" data-remedy="{title}">{head}{place_map}</figure>'


def line(each: PlaceMap) -> str:
    """What a remedy is, in one line."""
    return CENTRING if each.remedy.centred else each.network.about.line
