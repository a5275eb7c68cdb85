"""Keras's `fit` with its default settings, on a network of ours: python -m tests.bench.fit NETWORK EPOCHS BATCH"""

import json
import sys
import time

import keras

from mnist_model.images import dataset
from mnist_model.networks.registry import NETWORKS
from mnist_model.training import models

name, epochs, batch = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
mnist = dataset.load()
model = models.build(name, NETWORKS[name].recipe)
model.compile(keras.optimizers.Adam(), "sparse_categorical_crossentropy", metrics=["accuracy"])
images = dataset.scale(mnist.train_images)
begun = time.perf_counter()
model.fit(images, mnist.train_labels, epochs=epochs, batch_size=batch, verbose=0)
print(json.dumps({"seconds": time.perf_counter() - begun}))
