"""What the edge is configured to do, read from the configuration as plain data."""

from dataclasses import replace
from typing import Any

import pytest
import yaml

from services.bff.domain.routes import ROUTES
from services.contracts.door import PREFIX, PUBLIC
from services.kernel.settings import Settings
from tradectl.edge.envoy import CERTIFICATE, CONFIGURATION, bootstrap, files
from tradectl.edge.place import Address, Limits, Place
from tradectl.errors import TradectlError

PLACE = Place(
    bffs=[Address("10.0.0.1", 8000), Address("10.0.0.2", 8000)],
    grpc=[Address("10.0.0.1", 8001)],
    certificate="/certs/server.pem",
    key="/certs/server.key",
    secret="/etc/envoy/certificate.yaml",
    otlp=Address("jaeger", 4317),
)


def manager(place: Place = PLACE) -> dict[str, Any]:
    """The connection manager of clients."""
    (chain,) = bootstrap(place)["static_resources"]["listeners"][0]["filter_chains"]
    config: dict[str, Any] = chain["filters"][0]["typed_config"]
    return config


def routes(place: Place = PLACE) -> list[dict[str, Any]]:
    (host,) = manager(place)["route_config"]["virtual_hosts"]
    found: list[dict[str, Any]] = host["routes"]
    return found


def cluster(name: str, place: Place = PLACE) -> dict[str, Any]:
    found: dict[str, Any] = next(
        each for each in bootstrap(place)["static_resources"]["clusters"] if each["name"] == name
    )
    return found


def test_files_read_back_as_what_was_made_and_hold_no_alias() -> None:
    made = files(PLACE)
    assert yaml.safe_load(made[CONFIGURATION]) == bootstrap(PLACE)
    assert "&id" not in made[CONFIGURATION]
    (secret,) = yaml.safe_load(made[CERTIFICATE])["resources"]
    assert secret["tls_certificate"]["certificate_chain"] == {"filename": "/certs/server.pem"}
    assert secret["tls_certificate"]["watched_directory"] == {"path": "/certs"}


def test_only_reads_are_tried_again() -> None:
    for route in routes():
        retried = "retry_policy" in route.get("route", {})
        match = route["match"]
        reads = any(each["name"] == ":method" for each in match.get("headers", ()))
        reads = reads or match.get("prefix", "").endswith("/Get")
        assert retried == reads, match
    assert sum("retry_policy" in route.get("route", {}) for route in routes()) == 4


def test_what_is_not_of_the_api_is_found_nowhere() -> None:
    last = routes()[-1]
    assert last["match"] == {"prefix": "/"}
    assert last["direct_response"]["status"] == 404
    reached = {route["match"].get("path") or route["match"]["prefix"] for route in routes()[:-1]}
    assert not {path for path in reached if path.startswith(("/internal", "/metrics", "/ready", "/live"))}


def test_every_route_without_a_token_passes_and_no_other() -> None:
    tokens = next(each for each in manager()["http_filters"] if each["name"].endswith("jwt_authn"))["typed_config"]
    *public, last = tokens["rules"]
    assert last == {"match": {"prefix": "/"}, "requires": {"provider_name": "auth"}}
    assert all("requires" not in rule for rule in public)
    open_here = {
        f"{header['string_match']['exact']} {rule['match']['path'].removeprefix(PREFIX)}"
        for rule in public
        for header in rule["match"].get("headers", ())
        if "path" in rule["match"]
    }
    assert open_here == set(PUBLIC) == {f"{route.method} {route.path}" for route in ROUTES if not route.token}


def test_limits_are_those_of_the_bff_unless_the_place_says_else() -> None:
    assert Limits().body == Settings().web.max_body
    assert Limits().client_requests_per_second == Settings().bff.address_requests_per_second
    less = replace(PLACE, limits=Limits(client_requests_per_second=7, body=100))
    kinds = {each["name"].rpartition(".")[2]: each["typed_config"] for each in manager(less)["http_filters"]}
    (descriptor,) = kinds["local_ratelimit"]["descriptors"]
    assert descriptor["entries"] == [{"key": "remote_address"}]
    assert descriptor["token_bucket"]["max_tokens"] == 7
    assert kinds["buffer"]["max_request_bytes"] == 100
    assert list(kinds) == ["local_ratelimit", "jwt_authn", "buffer", "router"]


def test_addresses_are_endpoints_and_a_name_is_looked_up() -> None:
    assert cluster("bff")["type"] == "STATIC"
    assert len(cluster("bff")["load_assignment"]["endpoints"][0]["lb_endpoints"]) == 2
    headless = replace(PLACE, bffs=[Address("bff.trading.svc.cluster.local", 8000)])
    assert cluster("bff", headless)["cluster_type"]["name"] == "envoy.clusters.dns"
    assert cluster("bff")["health_checks"][0]["http_health_check"] == {"path": "/ready"}


def test_a_bff_to_which_its_name_leads_no_more_is_asked_no_more_though_it_still_answers() -> None:
    assert cluster("bff")["ignore_health_on_host_removal"]


def test_the_admin_page_is_on_loopback_wherever_the_rest_listens() -> None:
    everywhere = replace(PLACE, listen=Address("0.0.0.0", 8443), metrics=Address("0.0.0.0", 9902))
    admin = bootstrap(everywhere)["admin"]["address"]["socket_address"]
    assert admin == {"address": "127.0.0.1", "port_value": 9901}
    measured = bootstrap(everywhere)["static_resources"]["listeners"][1]["filter_chains"][0]["filters"][0]
    (host,) = measured["typed_config"]["route_config"]["virtual_hosts"]
    assert {route["match"]["path"] for route in host["routes"]} == {"/metrics", "/stats/prometheus", "/ready"}


def test_without_a_collector_spans_go_nowhere_and_without_grpc_no_route_leads_there() -> None:
    alone = replace(PLACE, otlp=None, grpc=())
    assert [each["name"] for each in bootstrap(alone)["static_resources"]["clusters"]] == ["bff", "otlp", "admin"]
    assert cluster("otlp", alone)["load_assignment"]["endpoints"] == [{"lb_endpoints": []}]
    assert not [route for route in routes(alone) if "grpc" in route["match"]]


def test_the_access_line_tells_the_trace_and_no_secret() -> None:
    line = manager()["access_log"][0]["typed_config"]["log_format"]["json_format"]
    assert line["trace_id"] == "%TRACE_ID%"
    assert not [value for value in line.values() if "AUTHORIZATION" in value.upper() or "COOKIE" in value.upper()]
    assert line["path"] == "%PATH(NQ:PATH)%"


@pytest.mark.parametrize("text", ["bff", "bff:", ":8000", "bff:0", "bff:70000", "bff:http"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(TradectlError, match="no address"):
        Address.parse(text)


def test_addresses_are_read() -> None:
    assert Address.parse("bff:8000") == Address("bff", 8000)
    assert Address.parse("[::1]:8000") == Address("::1", 8000)
