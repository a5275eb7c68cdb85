"""Draw a digit, see the 28×28 numbers a network receives, and its answer."""
