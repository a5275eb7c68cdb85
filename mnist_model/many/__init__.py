"""Many servers of the app behind one address. They and all else are programs that run as they would alone.

May import: click; mnist_model.addresses, mnist_model.classroom, mnist_model.runs.
"""
