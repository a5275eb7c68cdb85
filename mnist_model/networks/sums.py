"""What the files of the shipped networks must be: their SHA-256 sums, in a list as `sha256sum` writes it.

    python -m mnist_model.networks.sums FOLDER    makes the list of a folder's networks anew (`make networks` does)

A flipped bit would answer silently. The sum of a file is taken when it is read, which the app does once.
"""

import functools
import hashlib
import sys
from pathlib import Path

LIST = "SHA256SUMS"


def check(home: Path, file: Path, content: bytes) -> None:
    """Raises ValueError where a file is not what the list in the folder of all networks says of it, if anything."""
    wanted = _listed(home / LIST).get(file.relative_to(home).as_posix())
    if wanted and hashlib.sha256(content).hexdigest() != wanted:
        raise ValueError(f"the sum of {file.name} is another")


def lines(folder: Path) -> str:
    """The list of all files of the networks in a folder, and of the study of them."""
    files = sorted(file for pattern in ("*/*", "*.json") for file in folder.glob(pattern) if file.is_file())
    return "".join(f"{_sum(file)}  {file.relative_to(folder).as_posix()}\n" for file in files)


def _sum(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@functools.cache
def _listed(file: Path) -> dict[str, str]:
    """Sums by name; none where there is no list: the networks are being made."""
    if not file.is_file():
        return {}
    return {name: digest for digest, name in (line.split() for line in file.read_text().splitlines())}


if __name__ == "__main__":
    (Path(sys.argv[1]) / LIST).write_text(lines(Path(sys.argv[1])))
