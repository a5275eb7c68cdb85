"""The networks, each with all that is known of it in one place. To add one, add it here and its builder in
training/models.py; `make networks` then trains and measures it, and every page and command has it."""

from dataclasses import dataclass, field

from mnist_model.networks.recipe import Recipe


@dataclass(frozen=True)
class Network:
    """One network: how it is called, built and trained, and where it is shown."""

    name: str
    line: str  # what it is, for people
    builder: str  # the function of training/models.py
    recipe: Recipe = field(default_factory=Recipe)
    has_hidden: bool = False  # whether a recipe chooses its hidden units
    is_centred_too: bool = False  # compared also with centring in front of it
    is_shuffled: bool = False  # trained again with shuffled pixels, and compared with itself
    feature_maps: str = ""  # what becomes of its feature maps after a move: HTML, where Why shows them
    can_doubt: bool = False  # has learned from scribbles to say that it sees no digit


NETWORKS = {
    each.name: each
    for each in (
        Network(
            "dense",
            "every pixel to every unit, the tutorial's",
            builder="dense",
            has_hidden=True,
            is_centred_too=True,
            is_shuffled=True,
        ),
        Network(
            "dense-shifted",
            "dense, trained on moved digits",
            builder="dense",
            recipe=Recipe(shift=6),
            has_hidden=True,
        ),
        Network(
            "conv",
            "two convolutions, then Flatten",
            builder="conv",
            recipe=Recipe(batch=64, learning_rate=0.002, decay=True),
            is_shuffled=True,
            feature_maps="In <b>conv</b>, Flatten keeps every value at its place: after a move the last layer gets "
            "other numbers.",
        ),
        Network(
            "conv-global",
            "convolutions, then the maximum of each map",
            builder="conv_global",
            recipe=Recipe(epochs=8, batch=64, learning_rate=0.003, decay=True),
            is_shuffled=True,
            feature_maps="In <b>conv-global</b>, pooling keeps only the strongest value of each map, wherever it was: "
            "the numbers stay nearly the same.",
        ),
        Network(
            "robust",
            "conv-global for anyone's handwriting",
            builder="robust",
            recipe=Recipe(epochs=20, batch=64, learning_rate=0.003, decay=True, imitate="bends", drawn=20_000),
            can_doubt=True,
        ),
    )
}
TUTORIAL = next(iter(NETWORKS))
DOUBTER = next(name for name, network in NETWORKS.items() if network.can_doubt)
PRESETS = {
    "Tutorial": (TUTORIAL, Recipe()),
    "Overfitting": (TUTORIAL, Recipe(examples=500, epochs=50)),
    "Too large a learning rate": (TUTORIAL, Recipe(learning_rate=0.1)),
    "Shifted digits": ("dense-shifted", NETWORKS["dense-shifted"].recipe),
}


def dense_parameters(hidden: int) -> int:
    """What a dense network learns: 784 weights and a bias for each hidden unit, and `hidden` + 1 for each digit."""
    return (784 + 1) * hidden + (hidden + 1) * 10
