"""Fractions in percent."""


def percent(fraction: float, decimals: int = 1) -> str:
    """A fraction, 0–1, with its sign."""
    return f"{100 * fraction:.{decimals}f} %"
