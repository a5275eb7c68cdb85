"""Choose a training, watch it, compare it with others; and how well the chosen network does, layer by layer."""

from mnist_model.pages.shared import owner, queue
from mnist_model.pages.shared.layout import header
from mnist_model.pages.train import compare, ended, everyone, form, layers, result, watch, whole_queue
from mnist_model.runs.messages import Evaluate, Train

INTRO = (
    "A network starts with random weights and is shown thousands of images several times over; after every few dozen "
    "it changes its weights a little. <b>Try:</b> press Train and watch the first seconds of the curves; then try "
    "Overfitting."
)
ended.choose()
header("Train", "" if queue.is_under_way(queue.mine(Train)) else INTRO)  # while it runs, its curves are on the screen
owner.remember()
queue.queue().prepare()
form.show()
queue.watch(Train, watch.show)
whole_queue.show()
queue.watch(Evaluate, compare.show)
everyone.show()
result.show()
layers.show()
