"""How often `robust` takes ink that is no digit for one, and doubts real digits: what networks/doubt.py rests on.

    python -m tests.bench.doubt [FILE.jsonl.gz]

Without a file of strangers' strokes (../shared/handwriting) the real digits are the 10,000 test images only.
"""

import sys
from pathlib import Path

import numpy as np

from mnist_model.images import dataset, drawing
from mnist_model.networks import classifier, doubt
from tests import nondigits
from tests.bench import handwriting

COUNT = 200
CONFIDENT = 0.9
LEVELS = (0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9)
DISTANCES = (0.2, 0.3, 0.4, 0.5, 0.6)


def main() -> None:
    network = classifier.load(doubt.DOUBTER)
    mnist = dataset.load()
    real = {"test images": (network.probabilities(dataset.scale(mnist.test_images)), mnist.test_labels)}
    for centred in (False, True):
        how = "centred" if centred else "raw"
        for condition, (canvases, labels) in handwriting.drawn(Path(sys.argv[1])).items() if sys.argv[1:] else ():
            real[f"{condition}, {how}"] = (said(network, canvases, centred), labels)
    print("real digits refused, in %, by what the two highest probabilities together must reach")
    for name, (probabilities, labels) in real.items():
        right = f"(read right: {100 * (probabilities.argmax(1) == labels).mean():5.2f})"
        print(
            f"{name:26}",
            *(f"{level}: {100 * (together(probabilities) < level).mean():5.2f}" for level in LEVELS),
            right,
        )
    print(
        "real digits it is not sure of, in %, and how many of these it reads wrong, by the distance of the two highest"
    )
    for name, (probabilities, labels) in real.items():
        print(f"{name:26}", *(f"{level}: {unsure(probabilities, labels, level)}" for level in DISTANCES))
    print(f"no digits: refused at each level, and taken for a digit at {CONFIDENT} or more, in %")
    for centred in (False, True):
        for kind in nondigits.KINDS:
            probabilities = said(network, nondigits.drawings(kind, COUNT), centred)
            refused = (f"{level}: {100 * (together(probabilities) < level).mean():3.0f}" for level in LEVELS)
            confident = probabilities.max(1) >= CONFIDENT
            name = f"{kind}, {'centred' if centred else 'raw'}"
            print(f"{name:26}", *refused, f"confident: {100 * confident.mean():3.0f}")


def said(network: classifier.Classifier, canvases: list[np.ndarray], centred: bool) -> np.ndarray:
    return network.probabilities(np.stack([drawing.to_input(each, centred) for each in canvases]))


def together(probabilities: np.ndarray) -> np.ndarray:
    return doubt.best_two(probabilities)[0]


def unsure(probabilities: np.ndarray, labels: np.ndarray, level: float) -> str:
    close = (doubt.best_two(probabilities)[1] < level) & ~doubt.is_no_digit(probabilities)
    wrong = (probabilities.argmax(1) != labels)[close]
    return f"{100 * close.mean():.2f} ({100 * wrong.mean():.0f} wrong)" if close.any() else "none"


if __name__ == "__main__":
    main()
