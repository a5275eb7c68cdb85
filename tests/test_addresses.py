"""The address for the class is this machine's own."""

import socket

from click.testing import CliRunner

from mnist_model import addresses, cli


def test_loopback_has_no_address_for_the_class():
    for host in ("127.0.0.1", "localhost", "::1"):
        assert addresses.class_addresses(host, 8501) == []


def test_a_name_that_only_looks_like_loopback_may_lead_anywhere():
    assert addresses.is_loopback("127.0.0.9")
    assert not any(map(addresses.is_loopback, ("127.example.org", "localhost.example.org", "0.0.0.0", "", None)))


def test_open_to_all_lists_this_machines_interfaces():
    for url in addresses.class_addresses("0.0.0.0", 8600):
        host, port = url.removeprefix("http://").split(":")
        assert port == "8600" and not host.startswith("127.")
        with socket.socket() as probe:
            probe.bind((host, 0))  # only an address of this machine's own can be bound


def test_a_given_address_is_the_address():
    assert addresses.class_addresses("192.168.7.7", 8501) == ["http://192.168.7.7:8501"]


def test_make_run_prints_where_to_go():
    printed = CliRunner().invoke(cli.main, ["addresses", "127.0.0.1", "8501"]).output
    assert "http://localhost:8501" in printed
