"""Choose a training, watch it, compare it with others; and how well the chosen network does, layer by layer."""
