"""Why a network that scores 97.7 % on MNIST fails when a digit moves a few pixels, and what helps.

One currency flows through: an image is float32, (28, 28) or (n, 28, 28), 0 = paper, 1 = full ink.
An offset is (dx, dy) in pixels, +x right, +y down.
"""
