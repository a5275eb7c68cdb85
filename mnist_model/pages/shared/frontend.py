"""The browser's part of the components: the files of frontend/."""

from pathlib import Path

FRONTEND = Path(__file__).parents[2] / "frontend"


def script(*names: str) -> str:
    """Some of the frontend's files as one module: the last one has the component, the others what it needs."""
    return "".join((FRONTEND / f"{name}.js").read_text() for name in names)
