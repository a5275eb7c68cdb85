"""Browse MNIST: filter, page, pick a sample, see its numbers."""

import numpy as np
import streamlit as st

from mnist_model import dataset, figures, orders
from mnist_model.pages import shared
from mnist_model.remedies import Remedy

PER_PAGE = 54
ORDERS = {
    "index": "as in the file",
    "random": "shuffled, by a seed of your own",
    "unsure": "the network's least sure answers first",
    "mistakes": "only what the network misreads, its surest mistakes first",
    "fragile": "those first whose answer the smallest shift changes (test images)",
}


@st.cache_data(show_spinner=False)
def counts() -> dict[str, list[int]]:
    mnist = shared.mnist()
    return {split: np.bincount(mnist.split(split)[1]).tolist() for split in ("training", "test")}


@st.cache_data(show_spinner="Averaging 60,000 images …")
def mean_images() -> np.ndarray:
    """The mean training image of each digit, (10, 28, 28) float32 in 0–1."""
    images, labels, *_ = shared.mnist()
    return np.stack([images[labels == digit].mean(0) for digit in range(10)]).astype(np.float32) / 255


@st.cache_data(show_spinner=False)
def shapes() -> str:
    """Shape, type and range of the four arrays, as a Markdown table."""
    rows = (
        f"| `{name}` | {array.shape} | {array.dtype} | {array.min()}–{array.max()} |"
        for name, array in shared.mnist()._asdict().items()
    )
    return "\n".join(["| array | shape | type | range |", "|---|---|---|---|", *rows])


def filters() -> tuple[str, str, np.ndarray]:
    """The split, the order, and the indices that the filters leave, in that order."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        split = st.segmented_control(
            "Images",
            ["training", "test"],
            default="test",
            required=True,
            key="split",
            on_change=begin,
            persist_state="session",
        )
        digits = st.pills(
            "Digits",
            range(10),
            selection_mode="multi",
            key="digits",
            on_change=begin,
            wrap=True,
            persist_state="session",
        )
        order = st.segmented_control(
            "Order",
            list(ORDERS),
            default="index",
            required=True,
            key="order",
            on_change=begin,
            wrap=True,
            help="; ".join(f"**{name}**: {meaning}" for name, meaning in ORDERS.items()),
            persist_state="session",
        )
        indices = ordered(split, order)
    labels = shared.mnist().split(split)[1]
    return split, order, indices[np.isin(labels[indices], digits)] if digits else indices


def ordered(split: str, order: str) -> np.ndarray:
    """The indices of a split's images in an order, or in the file's with a word where the order cannot be had."""
    labels = shared.mnist().split(split)[1]
    if order == "random":
        seed = st.number_input("Seed", 0, 9999, 0, key="order_seed", width=130, persist_state="session")
        return np.random.default_rng(seed).permutation(len(labels))
    if order == "unsure":
        return orders.least_sure(shared.probabilities(split))
    if order == "mistakes":
        return orders.surest_mistakes(shared.probabilities(split), labels)
    if order == "fragile":
        breaking = breaking_points(split)
        if breaking is not None:
            return orders.most_fragile(breaking, shared.probabilities(split))
        st.caption(
            "Breaking points are measured on the test images only."
            if split == "training"
            else "This network has not been measured yet: choose Measure it on the Shift page."
        )
    return np.arange(len(labels))


def breaking_points(split: str) -> np.ndarray | None:
    """The smallest shift that changes the chosen network's answer, for each test image, where it was measured."""
    found = shared.measurement(Remedy(shared.chosen())) if split == "test" else None
    return found.shifts.breaking if found else None


def captions(split: str, order: str, shown: np.ndarray) -> list[str]:
    """A word under each picture: its label, and what it is ordered by."""
    labels = shared.mnist().split(split)[1][shown]
    if order in ("unsure", "mistakes"):
        said = shared.probabilities(split)[shown]
        sure = orders.confidence(said)
        return [f"{label}: {p.argmax()}, {100 * c:.0f} %" for label, p, c in zip(labels, said, sure, strict=True)]
    breaking = breaking_points(split) if order == "fragile" else None
    if breaking is not None:
        return [f"{label}: {f'{k} px' if k else 'never'}" for label, k in zip(labels, breaking[shown], strict=True)]
    return [str(label) for label in labels]


def jump(split: str) -> None:
    """A box to type an index into; it chooses that sample."""
    last, key = len(shared.mnist().split(split)[1]) - 1, f"jump_{split}"

    def chosen() -> None:
        if st.session_state[key] is not None:
            st.session_state.sample = (split, st.session_state[key])
            st.session_state.turn_to = st.session_state[key]

    st.number_input(
        f"Jump to index (0–{last:,})", 0, last, None, key=key, on_change=chosen, placeholder="index", width=260
    )


def begin() -> None:
    """Other images or another order: show the first page and its first image."""
    st.session_state.pop("sample", None)
    turn_to_page(1)


def turn_to_page(number: int) -> None:
    """Begin the page numbers anew, as another widget: the browser keeps the old one's place."""
    turns, _ = st.session_state.get("turned", (0, 1))
    st.session_state.turned = (turns + 1, number)


def pager(indices: np.ndarray) -> int:
    """The page numbers; a jump begins anew with the page that has the image, if the filters leave it in."""
    pages = max(1, -(-len(indices) // PER_PAGE))
    places = np.flatnonzero(indices == st.session_state.pop("turn_to", -1))
    if len(places):
        turn_to_page(int(places[0]) // PER_PAGE + 1)
    turns, first = st.session_state.get("turned", (0, 1))
    return st.pagination(pages, default=min(first, pages), key=f"page-{turns}", width=430, persist_state="session")


def browse() -> None:
    """The filters, a page of samples, and the one that is chosen."""
    split, order, indices = filters()
    images, _ = shared.mnist().split(split)
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        jump(split)
        page = pager(indices)
        st.caption(f"{len(indices):,} {split} {'image' if len(indices) == 1 else 'images'}", width="content")
    shown = indices[(page - 1) * PER_PAGE : page * PER_PAGE]
    if not len(shown):
        st.info("No image is left: choose other digits or another order.")
        return
    chosen = st.session_state.get("sample")
    if chosen is None or chosen[0] != split or chosen[1] not in indices:
        chosen = (split, int(shown[0]))
    left, right = st.columns([5, 4], gap="medium")
    with left:
        picked = shared.pick(
            figures.gallery(
                dataset.scale(images[shown]),
                captions(split, order, shown),
                [str(index) for index in shown],
                str(chosen[1]),
            ),
            "gallery",
        )
    if picked is not None:
        st.session_state.sample = (split, int(picked))
        st.rerun(scope="fragment")
    with right, st.container(key="picked"):
        sample(*chosen)
    sample_numbers(*chosen)


def sample(split: str, index: int) -> None:
    """One image large, its label, and what the network says of it."""
    image, label = image_and_label(split, index)
    st.subheader(f"{split.capitalize()} image {index:,}", anchor=False)
    st.html(figures.picture(image, f"{split} image {index}, labelled {label}", 224))
    probabilities = shared.network().probabilities(image)[0]
    right = probabilities.argmax() == label
    note = f"its label is {label}: {'right' if right else 'wrong'}"
    st.html(figures.answer(probabilities, note, not right) + figures.bars(probabilities))
    breaking = breaking_points(split)
    if breaking is not None:
        k = breaking[index]
        st.markdown(f"A shift of **{k} px** changes this answer." if k else "No shift of up to 14 px changes this.")
    shared.nudge(image, f"{split} image {index:,}", label)


def sample_numbers(split: str, index: int) -> None:
    """The table of numbers of one image, raw or divided by 255."""
    image, _ = image_and_label(split, index)
    scale = st.segmented_control(
        f"The 28×28 numbers of {split} image {index:,}",
        ["raw, 0–255", "divided by 255"],
        default="raw, 0–255",
        required=True,
        key="scale",
        persist_state="session",
    )
    st.html(figures.numbers(image, divided=scale != "raw, 0–255"))


def image_and_label(split: str, index: int) -> tuple[np.ndarray, int]:
    images, labels = shared.mnist().split(split)
    return dataset.scale(images[index]), int(labels[index])


def overview() -> None:
    """The data set as a whole: counts, shapes, mean images."""
    left, right = st.columns([1, 1], gap="large")
    with left:
        st.subheader("How many of each digit", anchor=False)
        shared.chart(figures.columns(counts(), "digit", "images"), "Images of each digit in the two splits")
    with right:
        st.subheader("Shapes and ranges", anchor=False)
        st.markdown(shapes())
        st.markdown("Divided by 255, ink runs from 0 to 1: that is what the networks receive.")
    st.subheader("The mean image of each digit", anchor=False)
    st.markdown(
        "All 60,000 training images, averaged digit by digit. They can be read only because every digit "
        "was put in the middle first: remember that on the Shift page."
    )
    means = "".join(
        figures.captioned(figures.picture(image, f"The mean {digit}"), str(digit))
        for digit, image in enumerate(mean_images())
    )
    st.html(f'<div class="means">{means}</div>')


shared.header(
    "Data",
    "MNIST is 70,000 handwritten digits, each 28×28 numbers with a label. The network learns from the training "
    "images and is measured on the test images. <b>Try:</b> show only the 4s and the 9s and find one you misread.",
)
st.fragment(browse)()
overview()
