"""Runs: where their folders are, the queue that they wait in, what they say, how long they take.

May import: numpy, filelock; mnist_model.errors, mnist_model.images, mnist_model.networks.
"""
