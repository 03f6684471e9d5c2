"""A child that stands for a container."""

from tradectl.stack.composed.stand_in import address_of

NETWORKS = {
    "tradectl-it_auth": {"IPAddress": "172.20.0.3"},
    "tradectl-it_market-data": {"IPAddress": "172.21.0.2"},
    "tradectl-it_sim": {"IPAddress": "172.22.0.5"},
}


def test_a_service_is_found_at_its_address_in_its_own_network() -> None:
    assert address_of(NETWORKS, "market_data") == "172.21.0.2"


def test_a_simulator_is_found_where_its_container_is() -> None:
    assert address_of({"tradectl-it_sim": {"IPAddress": "172.22.0.2"}}, "broker") == "172.22.0.2"
