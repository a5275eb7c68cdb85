"""Choose a training, watch it, compare it with others; and how well the chosen network does, layer by layer."""

from mnist_model.pages.shared import queue, whole_queue
from mnist_model.pages.shared.layout import header
from mnist_model.pages.train import challenge, compare, ended, form, forward, layers, result, watch

INTRO = (
    "A network starts with random weights and is shown thousands of images several times over; after every few dozen "
    "it changes its weights a little. <b>Try:</b> press Train and watch the first seconds of the curves; then try "
    "Overfitting."
)
ended.choose()
form.begin(forward.LINK)
header("Train", "" if ended.news() else INTRO)  # a run's curves are on the first screen
queue.queue().prepare()
watch.into_view()
form.show(forward.address)
watch.show()
result.ours()
whole_queue.show()
compare.show()
challenge.show()
result.show()
layers.show(form.address)
