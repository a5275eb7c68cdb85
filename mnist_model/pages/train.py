"""Choose a training, watch it, compare it with others; and how well the chosen network does, layer by layer."""

from mnist_model import runs
from mnist_model.pages import owner, queue, shared
from mnist_model.pages.sections import choose, compare, layers, result, watch

shared.header(
    "Train",
    "A network starts with random weights and is shown thousands of images several times over; after every few dozen "
    "it changes each weight a little. <b>Try:</b> press Train and watch the first seconds of the curves; then try "
    "Overfitting.",
)
owner.remember()
runs.prepare()
choose.form()
queue.watch("train", watch.show)
queue.watch("measure", compare.show)
result.show()
layers.show()
