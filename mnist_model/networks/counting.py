"""Counts in words."""


def counted(count: int, noun: str) -> str:
    """A count with its noun: 1 image, 2,000 images."""
    return f"{count:,} {noun}{'s' * (count != 1)}"
