"""A class: one lesson on many screens, its votes and its digits, in one database that all servers share.

May import: numpy, PIL, sqlalchemy; mnist_model.addresses, mnist_model.errors, mnist_model.images, mnist_model.lesson,
mnist_model.networks, mnist_model.runs.
"""
