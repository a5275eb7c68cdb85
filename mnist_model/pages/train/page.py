"""Choose a training, watch it, compare it with others; and how well the chosen network does, layer by layer."""

from mnist_model.pages.shared import owner, queue
from mnist_model.pages.shared.layout import header
from mnist_model.pages.train import compare, form, layers, result, watch
from mnist_model.runs.messages import Evaluate, Train

header(
    "Train",
    "A network starts with random weights and is shown thousands of images several times over; after every few dozen "
    "it changes its weights a little. <b>Try:</b> press Train and watch the first seconds of the curves; then try "
    "Overfitting.",
)
owner.remember()
queue.queue().prepare()
form.show()
queue.watch(Train, watch.show)
queue.watch(Evaluate, compare.show)
result.show()
layers.show()
