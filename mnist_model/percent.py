"""Fractions in percent. Rounding never says "all" or "none" of what is neither; frontend/show.js does the same."""


def percent(fraction: float, decimals: int = 1) -> str:
    """A fraction, 0–1, with its sign: 1 and 0 are 100 % and 0 %, and what only rounds to them is > 99.9 %, < 0.1 %."""
    least = 10.0**-decimals
    rounded = round(100 * fraction, decimals)
    if rounded == 100 and fraction < 1:
        return f"> {100 - least:.{decimals}f} %"
    if rounded == 0 and fraction > 0:
        return f"< {least:.{decimals}f} %"
    return f"{rounded:.0f} %" if rounded in (0, 100) else f"{rounded:.{decimals}f} %"


def figure(fraction: float, decimals: int = 1) -> str:
    """The same without its sign, for a table that says "in %"."""
    return percent(fraction, decimals).removesuffix(" %")


def probability(value: float, decimals: int = 1) -> str:
    """A probability in percent: softmax gives neither 0 nor 1, only its rounding does."""
    return percent(min(max(float(value), 1e-9), 1 - 1e-9), decimals)
