"""The pages, a folder each, named after it; what several share is in shared/. A page chooses, calls and shows.

May import: numpy, PIL, streamlit, streamlit_drawable_canvas; mnist_model.addresses, mnist_model.browser_name,
mnist_model.classroom, mnist_model.engine, mnist_model.errors, mnist_model.images, mnist_model.lesson,
mnist_model.networks, mnist_model.percent, mnist_model.render, mnist_model.runs.
"""
