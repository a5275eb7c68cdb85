"""Move a digit, watch every remedy's answer, and find out why."""

import streamlit as st

from mnist_model import dataset, figures, maps, shifting
from mnist_model.pages import shared
from mnist_model.pages.sections import accuracy, breaking, middle, shuffled, verdict, why
from mnist_model.pages.sections.scene import REACH, Place, Scene, everywhere

SECTIONS = {
    "Accuracy": accuracy.lines,
    "Maps": accuracy.maps_by_offset,
    "Breaking": breaking.show,
    "Why": why.show,
    "Where": middle.show,
    "Verdict": verdict.show,
    "Shuffled": shuffled.show,
}
KEY = (
    "<div><b>A map for each remedy:</b> what it says of this digit at all 29×29 places. Colour is the answer, strong "
    "colour a sure one; hatched, ink has left the frame. Select a place to go there.</div>"
)
GRAB = (
    '<div class="grab" tabindex="0" role="application" aria-label="The digit: drag it, or use the arrow keys">{}</div>'
)


def digit() -> shared.Digit:
    """The digit that is being moved: one sent by another page, or a test image."""
    if "digit" not in st.session_state:
        use_test_image(0)
    return st.session_state.digit


def use_test_image(index: int) -> None:
    mnist = shared.mnist()
    image = dataset.scale(mnist.test_images[index])
    st.session_state.digit = shared.Digit(image, f"test image {index:,}", int(mnist.test_labels[index]))


def choose() -> None:
    """Let another test image be typed in."""

    def typed() -> None:
        if st.session_state.test_index is not None:
            use_test_image(st.session_state.test_index)

    st.number_input(
        "Another test image (0–9,999)", 0, 9999, None, key="test_index", on_change=typed, placeholder="index", width=260
    )


def scene() -> Scene:
    """The digit at the sliders' offset, and what every remedy says of it."""
    dx, dy = st.session_state.setdefault("dx", 0), st.session_state.setdefault("dy", 0)
    image = digit().image
    return Scene(image, dx, dy, everywhere(shared.remedies(), image))


def controls(shown: Scene) -> None:
    for key, meaning in (("dx", "pixels to the right"), ("dy", "pixels down")):
        st.slider(key, -REACH, REACH, key=key, help=meaning, persist_state="session")
    shared.move(shown.everywhere.to_follow | {"chosen": shown.chosen.title})


def pictures(shown: Scene) -> None:
    """The digit before and after, a word where ink has left, and (placed below the sliders) the bars."""
    _, source, label = digit()
    place = shown.chosen
    lost = shifting.ink_lost(shown.image, shown.dx, shown.dy)
    gone = f"{figures.percent(lost, 0)} of the ink has left the frame. No network can see what is gone."
    named = source if label is None else f"{source}: {label}"
    st.html(
        '<div class="pair">'
        + figures.captioned(figures.picture(shown.image, "the original digit"), named)
        + figures.captioned(
            GRAB.format(figures.picture(shown.moved, "the shifted digit")), f"shifted by ({shown.dx}, {shown.dy})"
        )
        + f'</div><div class="lost">{gone if lost >= shifting.LOST else ""}</div><div class="pair below">'
        + figures.captioned(figures.bars(shown.before(place)), f"{place.title} before")
        + figures.captioned(figures.bars(shown.after(place)), "after")
        + "</div>"
    )


def answers(shown: Scene) -> None:
    """The chosen network's answer after the shift, and every remedy's with its place map."""
    place = shown.chosen
    before, after = shown.before(place), shown.after(place)
    changed = before.argmax() != after.argmax()
    note = f"says {place.title}; it said {before.argmax()} before" if changed else f"says {place.title}, as before"
    cards = "".join(card(each, shown, each is place) for each in shown.places)
    key = f'<div class="card">{KEY}{maps.digit_key()}</div>'
    lost = f'style="--lost:{shown.everywhere.hatching}"'
    content = figures.answer(after, note, changed) + f'<div class="maps" {lost}>{cards}{key}</div>'
    with st.container(key="shift-answer"):
        served = {"dx": shown.dx, "dy": shown.dy, "presses": st.session_state.get("presses", 0)}
        st.html(maps.located(content, shown.dx, shown.dy, "answers", follows="", **served))


def card(place: Place, shown: Scene, is_chosen: bool) -> str:
    """One remedy's answer after the shift, over its place map: HTML."""
    before, after = shown.before(place), shown.after(place)
    answer = int(after.argmax())
    kind = "card" + (" changed" if answer != before.argmax() else "") + (" chosen" if is_chosen else "")
    says = f'<span class="says">{answer}</span> <span class="sure">{figures.percent(after[answer])}</span>'
    head = f"<figcaption>{place.title}<br>{maps.columns(after)}{says}</figcaption>"
    place_map = maps.marked(place.picture, REACH, jump=True)
    return f'<figure class="{kind}" data-remedy="{place.title}">{head}{place_map}</figure>'


@st.fragment
def lab() -> None:
    """One grid of few elements: each costs the server a message at every move of a slider."""
    shown = scene()
    with st.container(key="lab"):
        with st.container(key="mover"):
            pictures(shown)
            controls(shown)
            choose()
        answers(shown)
        section = st.segmented_control(
            "Look closer",
            list(SECTIONS),
            default="Accuracy",
            required=True,
            key="section",
            label_visibility="collapsed",
            wrap=True,
            persist_state="session",
        )
        SECTIONS[section](shown)


shared.header(
    "Shift",
    "The digit stays the same; only its place changes. Every weight of a dense network belongs to one pixel, so a "
    "digit that has moved meets the wrong weights. <b>Try:</b> drag the shifted digit, or move it one pixel at a time, "
    "until the answer turns.",
)
lab()
