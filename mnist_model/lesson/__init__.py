"""Lessons: files of steps, each over a state of the pages; what their figures stand for; whether an answer is right.

May import: numpy; mnist_model.errors, mnist_model.images, mnist_model.networks, mnist_model.percent.
"""
