"""The networks, each with all that is known of it in one place. To add one, add it here, and every page and command
has it once it is trained and measured: as the Makefile has it for all (`make networks`; `make study` for the README).

The first is the TUTORIAL's; the first that can doubt answers beside the others (DOUBTER)."""

from dataclasses import dataclass, field, replace

from mnist_model.networks.recipe import Recipe


@dataclass(frozen=True)
class Network:
    """One network: how it is called, its layers and training, and where it is shown."""

    name: str
    line: str  # what it is, for people
    layers: str  # as networks/stack.py writes them; {hidden} is the recipe's
    recipe: Recipe = field(default_factory=Recipe)
    is_centred_too: bool = False  # compared also with centring in front of it
    is_shuffled: bool = False  # trained again with shuffled pixels, and compared with itself
    feature_maps: str = ""  # what becomes of its feature maps after a move: HTML, where Why shows them
    can_doubt: bool = False  # has learned from scribbles to say that it sees no digit

    @property
    def has_hidden(self) -> bool:
        """Whether a recipe chooses its hidden units."""
        return "{hidden}" in self.layers

    @property
    def fronts(self) -> tuple[bool, ...]:
        """Whether centring is in front of it where it is compared: not, or not and then so."""
        return (False, True) if self.is_centred_too else (False,)

    def stack(self, recipe: Recipe) -> str:
        """Its layers as a recipe has them."""
        return recipe.layers or self.layers.format(hidden=recipe.hidden)


# Features that may be anywhere. Only the image is padded, with paper, so wide that the last maps see beyond every edge:
# zeros between the layers would not be what the network makes of paper, and would give positions away. Two strides of
# 2 make it four times as fast; within 4 pixels they leave positions a little different.
ANYWHERE = "pad-6-7,conv-16-5-2,conv-32,conv-64-3-2,conv-{features},gmax".format

NETWORKS = {
    each.name: each
    for each in (
        Network(
            "dense",
            "every pixel to every unit, the tutorial's",
            layers="flatten,dense-{hidden}",
            is_centred_too=True,
            is_shuffled=True,
        ),
        Network(
            "dense-shifted",
            "dense, trained on moved digits",
            layers="flatten,dense-{hidden}",
            recipe=Recipe(shift=6),
        ),
        Network(
            "conv",
            "two convolutions, then Flatten",
            layers="conv-16,max-2,conv-32,max-2,flatten",
            recipe=Recipe(batch=64, learning_rate=0.002, decay=True),
            is_shuffled=True,
            feature_maps="In <b>conv</b>, Flatten keeps every value at its place: after a move the last layer gets "
            "other numbers.",
        ),
        Network(
            "conv-global",
            "convolutions, then the maximum of each map",
            layers=ANYWHERE(features=64),
            recipe=Recipe(epochs=8, batch=64, learning_rate=0.003, decay=True),
            is_shuffled=True,
            feature_maps="In <b>conv-global</b>, pooling keeps only the strongest value of each map, wherever it was: "
            "the numbers stay nearly the same.",
        ),
        Network(
            "robust",
            "conv-global for anyone's handwriting",
            layers=ANYWHERE(features=128) + ",dense-64",
            recipe=Recipe(epochs=28, batch=64, learning_rate=0.003, decay=True, imitate="bends", drawn=20_000, seed=1),
            can_doubt=True,
        ),
    )
}
OWN = Network(
    "own",
    "a stack of one's own layers",
    layers=NETWORKS["conv"].layers,
    recipe=replace(NETWORKS["conv"].recipe, layers=NETWORKS["conv"].layers),
)
TRAINABLE = NETWORKS | {OWN.name: OWN}
TUTORIAL = next(iter(NETWORKS))
DOUBTER = next(name for name, network in NETWORKS.items() if network.can_doubt)
PRESETS = {
    "Tutorial": (TUTORIAL, Recipe()),
    "Overfitting": (TUTORIAL, Recipe(examples=500, epochs=50)),
    "Too large a learning rate": (TUTORIAL, Recipe(learning_rate=0.1)),
    "Shifted digits": ("dense-shifted", NETWORKS["dense-shifted"].recipe),
}
