"""How many digits in photos are read right: python -m tests.bench.photos [--seed N] [--count N] [KIND …].

Photos of tests/photos.py, found and read as on the Draw page. Beside it, what the same network says of the same digits
drawn straight on the canvas.
"""

import argparse
import io
import sys

import numpy as np

from mnist_model.images import drawing, photo
from mnist_model.networks import classifier
from mnist_model.networks.uncertainty import wilson
from tests import photos

BAR, FILLING_BAR = 0.97, 0.99
DEVELOPMENT = 1  # seed


def read(shot: photos.Photo, network) -> list[int]:
    """What is read in a photo: nothing where there seems to be no ink."""
    file = io.BytesIO()
    shot.picture.save(file, "JPEG", quality=shot.quality)
    found = photo.digits(photo.read(file))
    if not found:
        return []
    images = np.stack([drawing.to_input(digit.rgba) for digit in found])
    return [int(each) for each in network.probabilities(images).argmax(1)]


def measure(name: str, seed: int, count: int, network) -> bool:
    """A line for one kind of photo; whether its bar was met."""
    kind, rng = photos.KINDS[name], np.random.default_rng([seed, list(photos.KINDS).index(name)])
    right = drawn_right = total = lost = 0
    while total < count:
        shot = photos.photo(kind, rng)
        said = read(shot, network)
        direct = network.probabilities(drawing.centre(np.stack(shot.drawn))).argmax(1)
        total += len(shot.labels)
        drawn_right += int((direct == shot.labels).sum())
        if len(said) == len(shot.labels):
            right += int((np.array(said) == shot.labels).sum())
        else:
            lost += len(shot.labels)
    low, high = wilson(right, total)
    bar = FILLING_BAR if name == "fills the frame" else BAR
    relative = right / drawn_right
    print(
        f"{name:24} {right / total:6.1%} ({low:.1%}–{high:.1%}) of {total}, not found as such {lost / total:.1%}; "
        f"drawn {drawn_right / total:.1%}, relative {relative:.1%} {'✓' if relative >= bar else '✗'}",
        flush=True,
    )
    return relative >= bar


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.photos", description="Read photos of digits.")
    parser.add_argument("kinds", nargs="*", default=list(photos.KINDS))
    parser.add_argument("--seed", type=int, default=DEVELOPMENT)
    parser.add_argument("--count", type=int, default=60, help="digits of each kind")
    options = parser.parse_args()
    network = classifier.load("robust")
    met = [measure(name, options.seed, options.count, network) for name in options.kinds]
    return 0 if all(met) else 1


if __name__ == "__main__":
    sys.exit(main())
