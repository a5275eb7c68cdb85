"""What is printed where a server is started: its address, and the link that makes a browser the teacher's."""

from mnist_model.addresses import announcement, is_open
from mnist_model.classroom.database import reading
from mnist_model.classroom.errors import NoClass
from mnist_model.classroom.room import secret
from mnist_model.runs import settings


def invitation(host: str, port: int) -> str:
    """For a server at host and port; one that only this machine reaches has no class."""
    if not is_open(host, port):
        return announcement(host, port)
    try:
        with reading() as connection:
            return announcement(host, port, secret(connection))
    except NoClass:
        return f"{announcement(host, port)}\n\n  There is no class: {settings.home()} cannot be written."
