"""The engine: Dask's workers, on this machine or in a lab, which train and measure.

May import: dask; distributed; psutil; mnist_model.errors, mnist_model.images, mnist_model.networks, mnist_model.runs,
mnist_model.training.
"""
