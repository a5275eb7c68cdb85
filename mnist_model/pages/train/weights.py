"""A network's weights at one moment of its training, and what it says of a digit with them: HTML."""

import numpy as np

from mnist_model.networks.activations import first_weights
from mnist_model.render import maps
from mnist_model.render.answers import bars
from mnist_model.render.pictures import captioned, picture

UNITS = 12


def first_layer(weights: list[np.ndarray]) -> str:
    """The weights of the first hidden units or kernels, as pictures."""
    units = first_weights(weights, UNITS)
    pictures = (
        picture(maps.signed(unit, float(np.abs(unit).max())), f"the weights of unit {number}")
        for number, unit in enumerate(units)
    )
    kind = "hidden units" if weights[0].ndim == 2 else "kernels"
    return (
        f"<div><b>The first {len(units)} {kind}</b>: <b class=gained>blue</b> weights add the ink they meet, "
        f'<b class=lost>red</b> ones subtract it.<div class="units">{"".join(pictures)}</div></div>'
    )


def reading(probabilities: np.ndarray, image: np.ndarray, name: str, said: str = "") -> str:
    """A digit small, and what a network says of it, (1, 10); `said` (HTML) stands over it."""
    shown = captioned(picture(image, name, 84), name)
    return f'<div class="reading">{shown}<div>{said}{bars(probabilities[0])}</div></div>'
