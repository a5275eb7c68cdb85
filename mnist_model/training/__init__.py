"""How a network learns: Keras models, the compiled loop, what an epoch learns from.

Only cli.py and worker.py import it.

May import: numpy, PIL, tensorflow, keras; mnist_model.errors, mnist_model.images, mnist_model.networks,
mnist_model.runs.
"""
