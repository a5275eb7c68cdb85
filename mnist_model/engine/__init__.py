"""The engine: Dask's workers, on this machine or in a lab, which train and measure.

May import: cryptography, dask, distributed, psutil, tornado; mnist_model.addresses, mnist_model.errors,
mnist_model.heap, mnist_model.images, mnist_model.networks, mnist_model.runs, mnist_model.training.
"""
