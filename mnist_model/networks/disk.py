"""Files that are there whole or not at all, whatever happens: a full disk, a process that is killed, a power cut."""

import contextlib
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

UNFINISHED = ".new"


def write(files: Mapping[Path, bytes], lasting: bool) -> None:
    """Write files: all of them or, where the disk is full, none; `lasting`, also after a power cut.

    They appear in the order of their names. Raises OSError.
    """
    made = [(file, file.with_name(f"{file.name}-{secrets.token_hex(2)}{UNFINISHED}")) for file in sorted(files)]
    try:
        for file, unfinished in made:
            file.parent.mkdir(exist_ok=True, parents=True)
            unfinished.write_bytes(files[file])
            if lasting:
                settle(unfinished)
        for file, unfinished in made:
            unfinished.replace(file)
    except BaseException:
        for _, unfinished in made:
            with contextlib.suppress(OSError, ValueError):
                unfinished.unlink()
        raise
    if lasting:
        for folder in {file.parent for file in files}:
            settle(folder)


def settle(path: Path) -> None:
    """Have the disk itself keep a file's content, or the names in a folder. Raises OSError."""
    if path.is_dir() and os.name == "nt":  # Windows does not let one open a folder, nor need it
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
