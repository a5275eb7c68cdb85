"""Photos of digits: the button that asks for one, and the frame in it that is read.

The photo lies over the canvas with what was found in it. It is kept as the browser has sent it, at most 900 KB, until
it is read or put away.
"""

import numpy as np
import streamlit as st

from mnist_model.images import drawing, photo
from mnist_model.images.errors import NotAPicture
from mnist_model.images.picture_file import from_address
from mnist_model.pages.draw.answer import brief
from mnist_model.pages.shared import drawn
from mnist_model.pages.shared.frontend import script, sent

MEANING = "Read a photo or picture of a digit, or of several: dark on light or light on dark"
HANDLING = "Frame: arrow keys move it, with Shift they change its size"
NOTHING = "There is no ink to be seen there: put the frame round a digit."
MOVE = "Wrong? Drag the frame."
KEPT = ("photo_taken", "photo_frame", "photographed", "refused_drawing")
_photo = st.components.v2.component(
    "nudge_photo",
    html=f"""<button class="photo" title="{MEANING}" >Photo</button>
        <input type="file" accept="image/*" hidden>""",
    js=script("show", "photo"),
    isolate_styles=False,
)
_frame = st.components.v2.component(
    "nudge_frame",
    html=f"""<div class="framing"><img alt="Your photo">
        <div class="frame" tabindex="0" role="group" aria-label="{HANDLING}"><b data-corner="0 0"></b>
        <b data-corner="1 0"></b><b data-corner="0 1"></b><b data-corner="1 1"></b></div></div>""",
    js=script("show", "frame"),
    isolate_styles=False,
)


def photo_button() -> None:
    """A button that asks for a picture; phones offer their camera. The browser shrinks it (frontend/photo.js)."""
    _photo(key="photo", on_taken_change=taken, width="content")


def taken() -> None:
    """Keep a picture that can be read, to be framed; otherwise the drawing stays as it is, and why is said."""
    address = sent("photo", "taken")
    try:
        photo.read(from_address(address))
    except NotAPicture as error:
        st.session_state.refused_drawing = str(error)
        return
    put_away()
    st.session_state.photo_taken = address


def photo_frame() -> None:
    """The photo with its frame, and what would be read; nothing where none was taken."""
    if "photo_taken" not in st.session_state:
        return
    found = digits()
    frame = st.session_state.get("photo_frame") or photo.frame_round(found)
    with st.container(key="photo_taken"):
        data = {"picture": st.session_state.photo_taken, "frame": frame, "found": [digit.box for digit in found]}
        _frame(data=data, key="frame", on_frame_change=framed)
        said = brief(np.stack([drawing.to_input(digit.rgba) for digit in found])) if found else []
        st.html(f"<p>{'Found: ' + '; '.join(said) + '. ' + MOVE if said else NOTHING}</p>")
        with st.container(horizontal=True, gap="small"):
            inks = [drawn.packed(digit.rgba) for digit in found]
            st.button("Read it", on_click=read, args=(inks,), type="primary", disabled=not found)
            st.button("Cancel", on_click=put_away)


def digits() -> list[photo.Digit]:
    """The digits in the frame, or in the whole photo where nobody has moved it yet."""
    picture = photo.read(from_address(st.session_state.photo_taken))
    return photo.digits(picture, st.session_state.get("photo_frame", photo.WHOLE))


def framed() -> None:
    """Keep where the frame now is."""
    try:
        st.session_state.photo_frame = photo.to_frame(sent("frame", "frame"))
    except NotAPicture as error:
        st.session_state.refused_drawing = str(error)


def read(inks: list[bytes]) -> None:
    """Put a single digit, as `drawn` keeps it, onto the canvas; several are shown below it first."""
    put_away()
    if len(inks) == 1:
        drawn.replace(drawn.unpacked(inks[0]), from_photo=True)
    else:
        st.session_state.photographed = inks


def put_away() -> None:
    """Forget the photo, its digits, and why the last drawing was refused."""
    for key in KEPT:
        st.session_state.pop(key, None)
