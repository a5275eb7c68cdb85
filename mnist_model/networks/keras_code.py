"""A network and its training as lines of Keras: they run as they are after the tutorial's lines that load MNIST."""

from typing import Any

from mnist_model.networks.recipe import Recipe

ARGUMENTS = {  # what is said of each layer, in Keras's order
    "Flatten": (),
    "Reshape": ("target_shape",),
    "ZeroPadding2D": ("padding",),
    "Conv2D": ("filters", "kernel_size", "strides", "padding", "activation"),
    "MaxPooling2D": ("pool_size", "strides"),
    "AveragePooling2D": ("pool_size", "strides"),
    "GlobalMaxPooling2D": (),
    "GlobalAveragePooling2D": (),
    "Dense": ("units", "activation"),
    "Dropout": ("rate",),
}
USUAL: dict[str, dict[str, Any]] = {  # need not be said
    "Conv2D": {"strides": (1, 1), "padding": "valid", "activation": "linear"},
    "MaxPooling2D": {"pool_size": (2, 2)},  # and its strides are its pool size
    "Dense": {"activation": "linear"},
}
POSITIONAL = ("filters", "kernel_size", "units")  # and what is alone
LOADING = """import tensorflow as tf

mnist = tf.keras.datasets.mnist
(train_images, train_labels), (test_images, test_labels) = mnist.load_data()
"""


def keras_code(layers: list[tuple[str, dict[str, Any]]], recipe: Recipe) -> str:
    """A network's layers (Keras's class and settings of each) and the recipe that it was trained by, as a program."""
    return "\n".join(["import tensorflow as tf", "", model_code(layers, recipe), *_fit(recipe), ""])


def model_code(layers: list[tuple[str, dict[str, Any]]], recipe: Recipe) -> str:
    """The same without its training: the model, compiled."""
    lines = ["model = tf.keras.Sequential([", "    tf.keras.Input((28, 28)),"]
    lines += [f"    tf.keras.layers.{kind}({_arguments(kind, config)})," for kind, config in layers]
    lines += ["])", "", *_rate(recipe), "model.compile(optimizer=tf.keras.optimizers.Adam(rate),"]
    lines += ['              loss="sparse_categorical_crossentropy",', '              metrics=["accuracy"])']
    return "\n".join(lines)


def _arguments(kind: str, config: dict[str, Any]) -> str:
    usual, said = dict(USUAL.get(kind, {})), []
    if kind == "MaxPooling2D":
        usual["strides"] = _tuples(config["pool_size"])
    for name in ARGUMENTS.get(kind, _plain(config)):
        value = _tuples(config[name])
        if value != usual.get(name):
            is_plain = kind in ARGUMENTS and (name in POSITIONAL or ARGUMENTS[kind] == (name,))
            said.append(repr(value) if is_plain else f"{name}={value!r}")
    return ", ".join(said).replace("'", '"')


def _plain(config: dict[str, Any]) -> tuple[str, ...]:
    """Of a layer that is not in the table: the settings that are numbers, words or lists."""
    plain = [name for name, value in config.items() if isinstance(value, int | float | str | list)]
    return tuple(name for name in plain if name not in ("name", "trainable"))


def _tuples(value: Any) -> Any:
    """JSON's lists as Keras's tuples."""
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


def _rate(recipe: Recipe) -> list[str]:
    if not recipe.decay:
        return [f"rate = {recipe.learning_rate:g}"]
    steps = recipe.epochs * -(-recipe.examples // recipe.batch)
    return [f"rate = tf.keras.optimizers.schedules.CosineDecay({recipe.learning_rate:g}, {steps})"]


def _fit(recipe: Recipe) -> list[str]:
    first = "" if recipe.examples == 60_000 else f"[:{recipe.examples}]"
    images, labels = f"train_images{first}", f"train_labels{first}"
    lines = []
    if recipe.imitate != "nothing" or recipe.drawn:
        lines += ["# Nudge also changes these images as people's hands would, and mixes drawn digits in."]
    if not recipe.shift:
        fit = f"model.fit({images} / 255, {labels},"
        return [*lines, fit, f"          epochs={recipe.epochs}, batch_size={recipe.batch})"]
    margin, side = recipe.shift, 28 + 2 * recipe.shift
    return [
        *lines,
        f"for epoch in range({recipe.epochs}):  # every image at another place in each",
        f"    framed = tf.image.pad_to_bounding_box({images}[..., None],",
        f"                                          {margin}, {margin}, {side}, {side})",
        "    crop = lambda image: tf.image.random_crop(image, (28, 28, 1))",
        "    moved = tf.map_fn(crop, framed)[..., 0]",
        f"    model.fit(moved / 255, {labels}, batch_size={recipe.batch})",
    ]
