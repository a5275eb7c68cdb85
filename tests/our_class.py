"""A class that has written digits, as the app finds it: MNIST's test images, each its artist's."""

import numpy as np

from mnist_model.classroom import digits, people, room
from mnist_model.classroom.database import changing, reading
from mnist_model.images import dataset

MNIST = dataset.load()


def write(count: int, artists: int = 4, first: int = 0, gate_open: bool = True) -> None:
    """The first `count` test images from `first`, in turn by so many artists; the wall is open, or not."""
    with changing() as connection:
        room.change(connection, gate_open=gate_open)
    for index in range(first, first + count):
        browser = f"{index % artists:016x}"
        levels, label = MNIST.test_images[index].ravel().tolist(), int(MNIST.test_labels[index])
        with changing() as connection:
            people.join(connection, browser)
            digits.add(connection, browser, digits.checked(f"token{index:05}", label, levels, [[[1, 2]]]))


def written() -> list[digits.Digit]:
    """What is there and not hidden."""
    with reading() as connection:
        return digits.digits(connection)


def teachers_cookies() -> dict[str, str]:
    with reading() as connection:
        return {room.COOKIE: room.secret(connection)}


def inks(found: list[digits.Digit]) -> list[bytes]:
    return [np.asarray(each.levels).tobytes() for each in found]
