"""The empty app in a folder of its own, where no configuration of the project's reaches it."""

import contextlib
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def empty_app() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(shutil.copy(Path(__file__).with_name("empty_app.py"), folder))
