"""The remedies that are compared: networks, and centring in front of the tutorial's."""

from typing import NamedTuple


class Remedy(NamedTuple):
    """A network, by shipped name or run folder, with or without centring in front of it."""

    network: str
    centred: bool = False

    @property
    def title(self) -> str:
        return f"centring + {self.network}" if self.centred else self.network


REMEDIES = (
    Remedy("dense"),
    Remedy("dense", centred=True),
    Remedy("dense-shifted"),
    Remedy("conv"),
    Remedy("conv-global"),
    Remedy("robust"),
)
