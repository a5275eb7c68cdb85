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
run = queue.mine(Train)
header("Train", "" if run and ended.is_news(run) else INTRO)  # its curves are on the first screen
owner.remember()
queue.queue().prepare()
form.show()
queue.watch(Train, watch.show)
whole_queue.show()
queue.watch(Evaluate, compare.show)
everyone.show()
result.show()
layers.show()
