"""What a network is and says: the registry and its recipes, run folders, probabilities, place maps, the browser's copy.

May import: numpy, ai_edge_litert, flatbuffers, nbformat; mnist_model.errors, mnist_model.images, mnist_model.percent.
"""
