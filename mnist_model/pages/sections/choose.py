"""Train: what to train and how, how long that will take, and the Train button."""

import streamlit as st

from mnist_model import estimates, figures, folders, recipes, runs
from mnist_model.pages import queue, shared
from mnist_model.recipes import FIELDS, IMITATIONS, PRESETS, RECIPES, Recipe

RATES = [0.00001, 0.0001, 0.0003, 0.001, 0.002, 0.003, 0.01, 0.03, 0.1, 1.0, 10.0]
BATCHES = [8, 16, 32, 64, 128, 256, 512, 1024]
KNOWN = 20  # of the last runs, for the estimate


def form() -> None:
    """Presets and fields, what they amount to, and the button."""
    if "kind" not in st.session_state:
        st.session_state.preset = "Tutorial"
        take_preset()
    st.pills("Start from", list(PRESETS), key="preset", on_change=take_preset, persist_state="session")
    with st.container(horizontal=True, key="recipe"):
        fields()
    with st.container(horizontal=True, vertical_alignment="center", key="go"):
        buttons()
        st.html(f'<div class="amount">{amount()}</div>')


def take_preset() -> None:
    if st.session_state.preset:
        network, recipe = PRESETS[st.session_state.preset]
        st.session_state.kind = network
        take(recipe)


def take(recipe: Recipe) -> None:
    """Show a recipe in the fields."""
    for name in FIELDS:
        st.session_state[f"recipe_{name}"] = getattr(recipe, name)


def changed() -> None:
    """A field was changed: show whether what is chosen now is one of the presets."""
    now = (st.session_state.kind, chosen())
    st.session_state.preset = next((name for name, preset in PRESETS.items() if preset == now), None)


def changed_network() -> None:
    take(RECIPES[st.session_state.kind])
    changed()


def fields() -> None:
    """A field for each choice; a preset or another network fills them."""
    keep = {"on_change": changed, "persist_state": "session", "width": 150}
    dense = recipes.is_dense(st.session_state.kind)
    st.selectbox("Network to train", list(RECIPES), key="kind", **keep | {"on_change": changed_network})
    st.number_input("Hidden units", 1, 512, step=16, key="recipe_hidden", disabled=not dense, **keep)
    st.number_input("Epochs", 1, 100, key="recipe_epochs", **keep)
    st.selectbox("Batch size", BATCHES, key="recipe_batch", **keep)
    st.selectbox("Learning rate", RATES, key="recipe_learning_rate", format_func=rate, **keep)
    st.number_input("Training images", 100, 60_000, step=100, key="recipe_examples", **keep)
    st.number_input("Random shifts, px", 0, 14, key="recipe_shift", help=SHIFTS, **keep)
    st.selectbox("Imitate hands", IMITATIONS, key="recipe_imitate", help=HANDS, **keep)
    st.number_input("Drawn digits", 0, 60_000, step=1000, key="recipe_drawn", help=DRAWN, **keep)
    st.number_input("Seed", 0, 9999, key="recipe_seed", help=SEED, **keep)
    st.checkbox("Rate falls to 0", key="recipe_decay", help=FALLS, **keep)


SHIFTS = "In every epoch each image is moved at random by up to so many pixels, right or left, up or down."
HANDS = (
    "In every epoch each image is changed at random as people's hands would have: with moves, turned, scaled, slanted "
    "and moved; with pens, also thicker or thinner; with bends, also a little bent."
)
DRAWN = (
    "Digits in other styles (a 1 with a flag, a crossed 7) that a pen of our own draws, mixed into each epoch, and a "
    "quarter as many scribbles that are no digit."
)
SEED = "Where the random numbers begin: the same seed gives the same network, another one a slightly different one."
FALLS = "The learning rate falls to 0 by the last step, along half a cosine: the last epochs only polish."


def rate(value: float) -> str:
    return f"{value:.5f}".rstrip("0").rstrip(".")


def chosen() -> Recipe:
    """The recipe in the fields; a field that was emptied counts as the network's own."""
    own, typed = RECIPES[st.session_state.kind], st.session_state
    values = {name: typed.get(f"recipe_{name}") for name in FIELDS}
    return Recipe(**{name: getattr(own, name) if value is None else value for name, value in values.items()})


def amount() -> str:
    """How much there is to learn, and how long that will take."""
    network = st.session_state.kind
    shipped = shared.load(network).report["parameters"]
    parameters = recipes.dense_parameters(chosen().hidden) if recipes.is_dense(network) else shipped
    return f"<b>{parameters:,} parameters</b>, about <b>{figures.duration(expected())}</b>"


def expected() -> float:
    """Seconds that what is chosen will take."""
    return estimates.seconds(st.session_state.kind, chosen(), known())


@st.cache_data(show_spinner=False, ttl=10)
def known() -> list[dict]:
    """The reports of the last trainings on this server."""
    return [report for folder in folders.finished()[:KNOWN] if (report := folders.report(folder))]


def buttons() -> None:
    """Train and Stop, each only where it can do something."""
    run = queue.mine("train")
    state = queue.state(run)
    busy = state in ("waiting", "running")
    st.button("Train", type="primary", icon=":material/play_arrow:", on_click=start, disabled=busy)
    stoppable = state == "running" and not run.stopped and not run.is_trained
    st.button(
        "Stop",
        icon=":material/stop:",
        on_click=runs.stop,
        args=(run,),
        disabled=not stoppable,
        help="Ends the training and keeps what it has learned.",
    )


def start() -> None:
    recipe = chosen()
    options = [f"--{name.replace('_', '-')}={getattr(recipe, name)}" for name in FIELDS if name != "decay"]
    options.append("--decay" if recipe.decay else "--no-decay")
    queue.submit("train", st.session_state.kind, *options, expected=expected())
