"""compose.yaml, as it follows from the platform's topology."""

from ipaddress import IPv4Network
from typing import Any

import pytest

from tradectl.render.compose.document import document
from tradectl.stack.composed.subnets import RESERVED
from tradectl.stack.topology import platform

DOCUMENT = document(platform())
CONTAINERS: dict[str, Any] = DOCUMENT["services"]
ONCE = {"volumes", "telemetry-volumes"}
"""Those that open volumes and end."""
ALL = {"telemetry"}
"""In which callers of one callee meet."""


def networks(name: str) -> set[str]:
    return set(CONTAINERS[name].get("networks", {}))


def callers(network: str) -> set[str]:
    return {name for name in CONTAINERS if network in networks(name)}


def test_every_service_is_a_container_and_the_bff_is_two() -> None:
    assert {"auth", "market-data", "orders", "portfolio", "notifications", "recommendations", "chat"} <= set(CONTAINERS)
    assert {"bff", "bff-2", "sim", "primary", "replica", "rabbitmq", "redis"} <= set(CONTAINERS)


@pytest.mark.parametrize("name", sorted(CONTAINERS))
def test_no_container_may_do_more_than_it_must(name: str) -> None:
    container = CONTAINERS[name]
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges"]
    assert set(container["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert container["user"] != "0:0" or name in ONCE


@pytest.mark.parametrize("name", sorted(ONCE))
def test_who_is_root_reaches_nobody_and_may_only_change_modes(name: str) -> None:
    assert CONTAINERS[name]["network_mode"] == "none"
    assert CONTAINERS[name]["cap_add"] == ["FOWNER"]
    assert {each for each, said in CONTAINERS.items() if "cap_add" in said} == ONCE


def test_everything_that_is_published_is_published_on_loopback() -> None:
    ports = [port for each in CONTAINERS.values() for port in each.get("ports", ())]
    assert ports
    assert all(port.startswith("127.0.0.1:") for port in ports)


PUBLISHED = {"published", "published-asking", "published-pages"}


def test_only_what_is_published_has_a_way_out_of_its_networks() -> None:
    assert {name for name, network in DOCUMENT["networks"].items() if not network.get("internal")} == PUBLISHED
    for name in PUBLISHED:
        assert DOCUMENT["networks"][name]["driver_opts"] == {"com.docker.network.bridge.enable_icc": "false"}
    assert {name for network in PUBLISHED for name in callers(network)} == {
        name for name, each in CONTAINERS.items() if "ports" in each
    }


def test_networks_have_places_of_their_own_among_the_first_of_the_addresses_that_are_given() -> None:
    found = [each["ipam"]["config"][0]["subnet"] for each in DOCUMENT["networks"].values()]
    plain = [IPv4Network(each.replace("${TRADECTL_SUBNETS:-10.213}", "10.9")) for each in found]
    assert len(set(plain)) == len(plain) > 20
    assert all(0 <= each.network_address.packed[2] < RESERVED for each in plain)


@pytest.mark.parametrize("network", sorted(PUBLISHED))
def test_who_calls_another_is_not_published_in_the_same_network(network: str) -> None:
    """A name would lead to an address that lets nobody in."""
    for one in callers(network):
        shared = {other for other in callers(network) - {one} if (networks(one) & networks(other)) - PUBLISHED - ALL}
        assert shared == set(), one


def test_a_service_is_in_the_networks_of_whom_it_calls_and_in_no_other() -> None:
    assert networks("chat") == {"chat", "auth", "sim", "database", "rabbitmq", "redis", "telemetry"}
    assert "database" not in networks("bff-2")


def test_the_door_alone_reaches_orders_and_who_measures() -> None:
    assert callers("orders") == {"orders", "bff", "bff-2", "prometheus", "audit"}


def test_who_measures_the_databases_is_known_to_them_alone() -> None:
    assert networks("mysqld-exporter") == {"database", "exporters"}
    assert CONTAINERS["mysqld-exporter"]["secrets"] == ["mysql_monitor"]


def test_who_audits_is_asked_among_the_exporters_and_calls_the_rest() -> None:
    assert CONTAINERS["audit"]["networks"]["exporters"] == {"aliases": ["audit.me"]}
    assert {"sim", "auth", "orders", "portfolio", "market-data"} <= networks("audit")
    assert not networks("audit") & {"database", "rabbitmq", "redis"}
    assert CONTAINERS["audit"]["secrets"] == ["key", "provider_key"]


def test_this_machines_disks_are_looked_at_and_not_written() -> None:
    assert all(volume.endswith(":ro") for volume in CONTAINERS["node-exporter"]["volumes"])
    assert networks("node-exporter") == {"exporters"}


def test_where_backups_are_told_of_is_mounted_so_that_the_engine_makes_it_when_it_is_not_there() -> None:
    (collected,) = (each for each in CONTAINERS["node-exporter"]["command"] if "textfile.directory" in each)
    mounted = [volume.removesuffix(":ro").rsplit(":", 1)[1] for volume in CONTAINERS["node-exporter"]["volumes"]]
    assert collected.partition("=")[2] in mounted


def test_a_folder_in_memory_below_run_is_made_anew_with_it_so_that_it_can_be_written_after_a_restart() -> None:
    folders = {name: [each.partition(":")[0] for each in said["tmpfs"]] for name, said in CONTAINERS.items()}
    below = {name for name, held in folders.items() if any(folder.startswith("/run/") for folder in held)}
    assert below == {name for name, held in folders.items() if "/run" in held} >= {"primary", "redis"}


def test_clients_come_through_the_edge_alone() -> None:
    assert "published" not in networks("bff")
    assert CONTAINERS["envoy"]["ports"] == ["127.0.0.1:${TRADECTL_PORT_HTTPS:-8443}:8443"]
    assert callers("bff") == {"bff", "bff-2", "envoy", "prometheus"}


def test_jaegers_page_is_on_its_own_port_of_loopback_and_so_is_where_it_is_told_of_clicks() -> None:
    page, told = CONTAINERS["jaeger"]["ports"]
    assert page == "127.0.0.1:${TRADECTL_PORT_JAEGER:-16686}:16686"
    assert told == "127.0.0.1:${TRADECTL_PORT_OTLP:-4318}:4318"


def test_a_service_listens_in_its_own_network_alone() -> None:
    for service in ("auth", "orders", "bff-2"):
        own = "bff" if service == "bff-2" else service
        inner = CONTAINERS[service]["environment"]["TRADECTL_HOST"]
        named = [
            network for network, said in CONTAINERS[service]["networks"].items() if inner in said.get("aliases", ())
        ]
        assert named == [own]


def test_no_secret_is_in_the_file_and_each_one_named_is_mounted() -> None:
    for name, container in CONTAINERS.items():
        told = " ".join(container.get("environment", {}).values())
        for secret in DOCUMENT["secrets"]:
            assert (f"<{secret}>" in told) <= (secret in container.get("secrets", ())), (name, secret)


def test_a_service_sees_the_password_of_its_own_schema_and_of_no_other() -> None:
    seen = {secret for secret in CONTAINERS["orders"]["secrets"] if secret.startswith("mysql_")}
    assert seen == {"mysql_orders"}


def test_services_start_after_their_servers_and_the_services_that_they_need() -> None:
    waits = CONTAINERS["orders"]["depends_on"]
    assert set(waits) == {"rabbitmq", "redis", "sim", "primary", "replica", "market-data"}
    assert {each["condition"] for each in waits.values()} == {"service_healthy"}


def test_every_container_is_looked_at_but_those_that_end() -> None:
    assert {name for name, each in CONTAINERS.items() if "healthcheck" not in each} == ONCE


def test_an_order_takes_its_trace_along_to_the_broker_who_is_ours() -> None:
    told = [name for name, each in CONTAINERS.items() if "fix_trace" in str(each.get("environment"))]
    assert told == ["orders"]


def test_every_image_can_be_replaced_by_a_variable() -> None:
    assert all(each["image"].startswith("${TRADECTL_IMAGE_") for each in CONTAINERS.values())


def test_the_core_is_the_platform_and_full_is_everything() -> None:
    assert all("full" in each["profiles"] for each in CONTAINERS.values())
    core = {name for name, each in CONTAINERS.items() if "core" in each["profiles"]}
    assert {"sim", "orders", "primary"} <= core
