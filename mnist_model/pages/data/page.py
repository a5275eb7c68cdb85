"""Browse MNIST: filter, page, pick a sample, see its numbers."""

import streamlit as st

from mnist_model.pages.data.browse import browse
from mnist_model.pages.data.link import LINK
from mnist_model.pages.data.overview import overview
from mnist_model.pages.data.styles import styles
from mnist_model.pages.shared import links
from mnist_model.pages.shared.layout import header

links.read(LINK)
header(
    "Data",
    "MNIST is 70,000 handwritten digits, each 28×28 numbers with a label. The network learns from the training "
    "images and is measured on the test images. <b>Try:</b> show only the 4s and the 9s and find one you misread.",
)
st.fragment(browse)()
overview()
styles()
