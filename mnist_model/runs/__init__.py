"""Runs: where their folders are, the queue that they wait in, the processes that they run in, how long they take.

May import: psutil; mnist_model.errors, mnist_model.images, mnist_model.networks.
"""
