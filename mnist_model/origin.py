"""Where a figure comes from: the command that made it, the seed, and the versions of what it ran on."""

import importlib.metadata
import platform
import sys

PACKAGES = ["tensorflow", "keras", "numpy", "ai-edge-litert"]


def of_this(seed: int) -> dict:
    """The origin of what the running command makes, for its report."""
    versions = {package: importlib.metadata.version(package) for package in PACKAGES}
    return {
        "seed": seed,
        "command": " ".join(["python -m mnist_model", *sys.argv[1:]]),
        "versions": {"python": platform.python_version()} | versions,
    }
