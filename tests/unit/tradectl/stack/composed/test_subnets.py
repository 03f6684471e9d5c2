"""Where containers' networks lie."""

from ipaddress import IPv4Network

import pytest

from tradectl.errors import TradectlError
from tradectl.stack.composed.subnets import BLOCK, RESERVED, chosen, prefix, routed

ROUTES = """\
Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t00000000\t0100A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0
tun0\t0000D50A\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
eth0\t0000A8C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
"""
BUT_ONE = [IPv4Network(f"10.213.{third}.64/26") for third in range(RESERVED, 256, BLOCK) if third != 40]


def test_a_sandbox_takes_a_place_that_nobody_has() -> None:
    assert chosen("10.213", BUT_ONE) == 40


def test_a_sandbox_that_has_networks_stays_where_it_is() -> None:
    assert chosen("10.213", BUT_ONE, [IPv4Network("10.213.12.128/26")]) == 12


def test_the_place_of_compose_yaml_is_no_sandboxs() -> None:
    with pytest.raises(TradectlError, match="no place is left") as refused:
        chosen("10.213", [*BUT_ONE, IPv4Network("10.213.40.0/22")])
    assert "TRADECTL_SUBNETS" in refused.value.hint


def test_a_machine_that_reaches_all_of_the_addresses_otherwise_has_no_place() -> None:
    with pytest.raises(TradectlError, match="no place is left"):
        chosen("10.213", routed(ROUTES))


def test_the_way_to_everywhere_is_nobodys_network() -> None:
    assert routed(ROUTES) == [IPv4Network("10.213.0.0/16"), IPv4Network("192.168.0.0/24")]


def test_addresses_are_named_by_their_first_two_numbers() -> None:
    assert prefix({}) == "10.213"
    assert prefix({"TRADECTL_SUBNETS": "172.30"}) == "172.30"


@pytest.mark.parametrize("said", ["10", "10.213.0", "10.256", "ten.one"])
def test_anything_else_names_no_addresses(said: str) -> None:
    with pytest.raises(TradectlError, match="names no addresses"):
        prefix({"TRADECTL_SUBNETS": said})
