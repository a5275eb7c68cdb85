"""Browse MNIST: filter, page, pick an image, see its numbers."""
