"""The keys of a lab: whoever has them may use its scheduler and its workers, and nobody else.

python -m mnist_model.engine.keys

A certificate that is its own authority, and its private key: the same two files on every machine of the lab.
"""

import datetime
import errno
import os
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mnist_model.engine.security import CERTIFICATE, KEY, keys

NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Nudge")])
CLOCKS = datetime.timedelta(days=1)  # by which those of a lab may differ
VALID = datetime.timedelta(days=3650)


def make(folder: Path) -> None:
    """Make a lab's keys. Raises FileExistsError where there are some."""
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder(NAME, NAME, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - CLOCKS)
        .not_valid_after(now + VALID)
        .sign(key, hashes.SHA256())
    )
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for file in (folder / KEY, folder / CERTIFICATE):  # before either is written: half a pair is none
        if file.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(file))
    _write(folder / KEY, key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain))
    _write(folder / CERTIFICATE, certificate.public_bytes(pem))


def _write(file: Path, content: bytes) -> None:
    """A new file that nobody but its owner may read, from its first byte on."""
    file.touch(0o600, exist_ok=False)
    file.write_bytes(content)


def main() -> None:
    """The program: the keys, or a sentence of why there are none."""
    try:
        make(keys())
    except OSError as error:
        sys.exit(f"{error.filename}: {error.strerror}. Keys that are there are not replaced.")
    print(f"Copy the folder {keys()} to the same place on every machine of the lab, and to nowhere else.")


if __name__ == "__main__":
    main()
