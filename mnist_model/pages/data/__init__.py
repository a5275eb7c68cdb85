"""Browse MNIST and the class's own digits: filter, page, pick an image, see its numbers."""
