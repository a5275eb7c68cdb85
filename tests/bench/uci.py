"""How every network reads digits from outside MNIST: UCI's optical digits, 1,797 at 8×8, as scikit-learn ships them.

    python -m tests.bench.uci

They are scaled up smoothly until they fill the 28×28 frame (raw), as a drawing may, and then centred.
"""

import numpy as np
from PIL import Image
from sklearn.datasets import load_digits

from mnist_model.images import drawing
from mnist_model.images.resampling import SIZE
from mnist_model.networks import classifier
from mnist_model.networks.run_folder import shipped
from mnist_model.networks.uncertainty import wilson

INK = 16  # what UCI's ink intensities go up to


def main() -> None:
    images, labels = digits()
    for name in shipped():
        network = classifier.load(name)
        for how, given in (("raw", images), ("centred", drawing.centre(images))):
            right = int((network.probabilities(given).argmax(1) == labels).sum())
            low, high = wilson(right, len(labels))
            print(f"{name:14} {how:8} {100 * right / len(labels):5.1f} ({100 * low:.1f} to {100 * high:.1f})")


def digits() -> tuple[np.ndarray, np.ndarray]:
    """The digits (1797, 28, 28) float32 in 0–1, and their labels (1797,)."""
    kept = load_digits()
    scaled = [Image.fromarray(image.astype(np.float32)).resize((SIZE, SIZE), Image.BICUBIC) for image in kept.images]
    return np.clip(np.stack([np.asarray(each) for each in scaled]) / INK, 0, 1), kept.target


if __name__ == "__main__":
    main()
