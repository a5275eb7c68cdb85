"""What Shift compares: networks of the registry, with or without centring in front of them."""

from typing import NamedTuple

from mnist_model.networks.registry import NETWORKS

CENTRING = "the digit is put in the middle first"  # for people


class Remedy(NamedTuple):
    """A network, by shipped name or run folder, with or without centring in front of it."""

    network: str
    centred: bool = False

    @property
    def title(self) -> str:
        return f"{'centring + ' * self.centred}{self.network}"


REMEDIES = tuple(Remedy(network.name, centred) for network in NETWORKS.values() for centred in network.fronts)
