"""compose.yaml for a sandbox of this machine."""

import json
from ipaddress import IPv4Network
from pathlib import Path
from typing import Any

import pytest

from tradectl.render.compose.sandbox import Place, container_of, inner_ports, instance_of, own
from tradectl.stack.topology import platform

PLACE = Place(
    folder=Path("/home/of/it/compose"),
    project="tradectl-it",
    scale={"bff": 2, "orders": 2},
    subnets=("10.9", 12),
    world={"TRADECTL_SEED": "7"},
    feed="/data/prices.csv",
    limits={"orders.max_open": "2"},
    logs=Path("/home/of/it/logs"),
    labels={"tradectl.sandbox": "it"},
    roles={"primary": {"tradectl.role": "primary"}},
    secrets={"key": "k"},
)
DOCUMENT = own(platform(), PLACE)
CONTAINERS: dict[str, Any] = DOCUMENT["services"]


def test_everything_that_is_made_bears_the_sandboxs_labels() -> None:
    for kind in ("services", "networks", "volumes"):
        assert all(each["labels"]["tradectl.sandbox"] == "it" for each in DOCUMENT[kind].values())
    assert CONTAINERS["primary"]["labels"]["tradectl.role"] == "primary"


def test_its_networks_lie_where_it_was_given_a_place() -> None:
    found = [each["ipam"]["config"][0]["subnet"] for each in DOCUMENT["networks"].values()]
    assert set(found) <= {str(each) for each in IPv4Network("10.9.12.0/22").subnets(new_prefix=26)}
    assert len(set(found)) == len(found)


def test_nothing_is_published_and_nothing_starts_by_itself() -> None:
    assert not any("ports" in each or "profiles" in each for each in CONTAINERS.values())
    assert {CONTAINERS[name]["restart"] for name in ("sim", "orders", "bff-2")} == {"no"}


def test_a_service_runs_as_often_as_is_wanted() -> None:
    assert {"orders", "orders-2", "bff", "bff-2"} <= set(CONTAINERS)


def test_the_world_is_told_what_the_sandbox_was_started_with() -> None:
    assert CONTAINERS["sim"]["environment"]["TRADECTL_SEED"] == "7"


def test_the_world_sees_its_feed_where_the_tool_does() -> None:
    assert "/data/prices.csv:/data/prices.csv:ro" in CONTAINERS["sim"]["volumes"]


def test_services_are_told_the_settings_that_are_not_the_usual_ones() -> None:
    told = json.loads(CONTAINERS["orders"]["environment"]["TRADECTL_OPTIONS"])
    assert (told["orders.max_open"], told["apart"]) == ("2", "yes")


def test_each_copy_has_a_log_of_its_own_among_the_sandboxs() -> None:
    assert CONTAINERS["orders-2"]["environment"]["TRADECTL_INSTANCE"] == "orders@2"
    assert "/home/of/it/logs:/logs" in CONTAINERS["orders-2"]["volumes"]


@pytest.mark.parametrize(("instance", "container"), [("market_data", "market-data"), ("bff@2", "bff-2")])
def test_an_instance_and_its_container_are_found_by_each_other(instance: str, container: str) -> None:
    assert container_of(instance) == container
    assert instance_of(container) == instance


def test_a_parts_ports_are_known_inside_by_the_names_that_they_have_outside() -> None:
    assert inner_ports(platform(), "bff@2") == {"bff@2.http": 8000}
    assert set(inner_ports(platform(), "broker")) == {"broker.http", "broker.fix"}
