"""Importing TensorFlow: it takes seconds, greets on stderr whatever its log level, and may be missing."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from mnist_model.training.errors import TensorFlowMissing


def training_modules() -> tuple[ModuleType, ModuleType]:
    """training.run and training.models, and with them TensorFlow. Raises TensorFlowMissing."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with native_stderr_closed():
            from mnist_model.training import models, run
    except ImportError as error:
        raise TensorFlowMissing("TensorFlow is missing: pip install -r requirements.txt brings it.") from error
    return run, models


@contextlib.contextmanager
def native_stderr_closed() -> Iterator[None]:
    """C++ code is not heard for a while; Python's errors still show."""
    kept = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
