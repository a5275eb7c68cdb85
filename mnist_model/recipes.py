"""How each network of the registry is trained. No TensorFlow here: the command's help and the pages read it too."""

from dataclasses import dataclass, fields

HIDDEN = 128
IMITATIONS = ("nothing", "moves", "pens", "bends")  # of hands (augmentation.py): each does what those before it do, too
SCRIBBLES = 4  # drawn digits to a scribble that is none


@dataclass(frozen=True)
class Recipe:
    """One training; the defaults are the tutorial's. Always Adam and sparse categorical cross-entropy."""

    epochs: int = 5
    batch: int = 32
    examples: int = 60_000
    seed: int = 0
    shift: int = 0  # pixels: in each epoch every image is moved at random by up to so many, right or left, up or down
    learning_rate: float = 0.001
    decay: bool = False  # the learning rate falls to 0 along half a cosine
    hidden: int = HIDDEN  # units of a dense network's hidden layer; the other networks do not ask
    imitate: str = "nothing"  # in each epoch every image is changed at random as people's hands would; IMITATIONS
    drawn: int = 0  # digits in other styles in each epoch besides, and a quarter as many scribbles (strokes.py)

    @property
    def per_epoch(self) -> int:
        """Images in an epoch."""
        return self.examples + self.drawn + self.drawn // SCRIBBLES


FIELDS = [field.name for field in fields(Recipe)]
RECIPES = {
    "dense": Recipe(),
    "dense-shifted": Recipe(shift=6),
    "conv": Recipe(batch=64, learning_rate=0.002, decay=True),
    "conv-global": Recipe(epochs=8, batch=64, learning_rate=0.003, decay=True),
    "robust": Recipe(epochs=20, batch=64, learning_rate=0.003, decay=True, imitate="bends", drawn=20_000),
}
PRESETS = {
    "Tutorial": ("dense", Recipe()),
    "Overfitting": ("dense", Recipe(examples=500, epochs=50)),
    "Too large a learning rate": ("dense", Recipe(learning_rate=0.1)),
    "Shifted digits": ("dense-shifted", RECIPES["dense-shifted"]),
}


def is_dense(network: str) -> bool:
    """Whether a network of the registry is a dense one, whose hidden units can be chosen."""
    return network.startswith("dense")


def dense_parameters(hidden: int) -> int:
    """What a dense network learns: 784 weights and a bias for each hidden unit, and `hidden` + 1 for each digit."""
    return (784 + 1) * hidden + (hidden + 1) * 10


def described(network: str, recipe: Recipe, done: float | None = None) -> str:
    """A recipe in one line; where only some of its epochs were `done`, how many."""
    stopped = done is not None and done < recipe.epochs
    epochs = f"stopped after {done:.2f} of {recipe.epochs} epochs" if stopped else f"{recipe.epochs} epochs"
    parts = [f"{recipe.hidden} hidden units"] * is_dense(network)
    parts += [epochs, f"batch {recipe.batch}", f"learning rate {recipe.learning_rate:g}"]
    parts += ["falling"] * recipe.decay + [f"{recipe.examples:,} images"]
    parts += [f"shifts up to {recipe.shift} px"] * (recipe.shift > 0)
    parts += [f"hands imitated ({recipe.imitate})"] * (recipe.imitate != "nothing")
    parts += [f"{recipe.drawn:,} drawn digits"] * (recipe.drawn > 0)
    return ", ".join([*parts, f"seed {recipe.seed}"])
