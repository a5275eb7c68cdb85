"""The tutorial's own listing, on the local copy of the data and timed: python -m tests.bench.tutorial SEED"""

import json
import sys
import time

import numpy as np
import tensorflow as tf

from tests.bench.processes import ROOT

tf.keras.utils.set_random_seed(int(sys.argv[1]))
mnist = np.load(ROOT / "assets" / "mnist.npz")
train_images, train_labels = mnist["x_train"] / 255.0, mnist["y_train"]
test_images, test_labels = mnist["x_test"] / 255.0, mnist["y_test"]

model = tf.keras.models.Sequential(
    [
        tf.keras.layers.Flatten(),
        tf.keras.layers.Dense(128, activation=tf.nn.relu),
        tf.keras.layers.Dense(10, activation=tf.nn.softmax),
    ]
)
model.compile(optimizer=tf.keras.optimizers.Adam(), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
begun = time.perf_counter()
model.fit(train_images, train_labels, epochs=5, verbose=0)
seconds = time.perf_counter() - begun

accuracy = model.evaluate(test_images, test_labels, verbose=0)[1]
print(json.dumps({"seconds": seconds, "test_accuracy": accuracy}))
