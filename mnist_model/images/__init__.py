"""What a network receives: the data set, drawings and photos as 28×28 numbers, and shifting them.

May import: numpy, PIL; mnist_model.errors.
"""
