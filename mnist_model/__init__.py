"""Why a fully connected network that reads MNIST well fails when a digit moves a few pixels, and what helps.

One currency flows through: an image is float32, (28, 28) or (n, 28, 28), 0 = paper, 1 = full ink.
An offset is (dx, dy) in pixels, +x right, +y down.

A folder is a rule, which its own docstring states and tests/test_structure.py holds; the README has a diagram. Only
the command line (cli.py) and the worker (engine/worker.py) import training, and with it TensorFlow; only pages, and the
server in front of them, import Streamlit.

May import: click, psutil; mnist_model.addresses, mnist_model.classroom, mnist_model.cli, mnist_model.engine,
mnist_model.errors, mnist_model.images, mnist_model.lesson, mnist_model.networks, mnist_model.render, mnist_model.runs,
mnist_model.training.
"""
