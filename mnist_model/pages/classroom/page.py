"""The class: where it is found, what the teacher leads it with, and the wall of its digits."""

from mnist_model.pages.classroom import measured, notes, wall
from mnist_model.pages.shared import links, whole_queue
from mnist_model.pages.shared.layout import header
from mnist_model.pages.shared.queue import is_open
from mnist_model.pages.shared.teacher import is_teacher

CLOSED = (
    "There is no class here: only this machine’s own browsers reach this server. <b>make run HOST=0.0.0.0</b> opens "
    "one, and prints your link as its teacher."
)
FOR_PUPILS = "You are in. Follow the lesson, vote, and write digits for your class when you are asked to."

links.read({})
if not is_open():
    header("Class", CLOSED)
else:
    leads = is_teacher()
    header("Class", "" if leads else FOR_PUPILS)
    wall.show()
    measured.show()
    if leads:
        whole_queue.show()
        notes.show()
links.write()
