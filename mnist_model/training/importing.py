"""Importing TensorFlow: it takes seconds, greets on stderr whatever its log level, and may be missing."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from mnist_model.training.errors import TensorFlowMissing

UNUSED = ("matplotlib", "pandas", "scipy")  # a third of the time and 150 MB, for what Keras can do with them


def training_modules() -> tuple[ModuleType, ModuleType]:
    """training.run and training.models, and with them TensorFlow. Raises TensorFlowMissing."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        with native_stderr_closed(), not_found(UNUSED):
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


@contextlib.contextmanager
def not_found(names: tuple[str, ...]) -> Iterator[None]:
    """Packages cannot be imported for a while: who can do without them does."""
    kept = {name: sys.modules[name] for name in names if name in sys.modules}
    sys.modules.update(dict.fromkeys(names))  # type: ignore[arg-type]  # None, as Python documents it
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]
        sys.modules.update(kept)
