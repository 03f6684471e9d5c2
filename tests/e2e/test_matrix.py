"""Who is watched by what, on real servers: metrics in Prometheus, lines in Loki, spans in Jaeger; and one who dies."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import partial

import pytest

from tests import whole
from tests.architecture.tree import ROOT
from tests.e2e import life
from tests.e2e.conftest import contained_in
from tests.e2e.tool import Tool
from tests.eventually import eventually
from tests.watching import PATIENCE
from tests.whole import Whole
from tradectl.dashboards.boards import BOARDS
from tradectl.errors import ExitCode
from tradectl.probes.eventually import eventually as patiently
from tradectl.probes.telemetry import ask

pytestmark = [pytest.mark.night, pytest.mark.timeout(900)]

SERVICES = frozenset(
    {"bff", "auth", "market_data", "orders", "portfolio", "recommendations", "chat", "notifications"},
)
WORLD = frozenset({"clock", "venue", "broker", "provider", "mail", "push", "chatops"})
SERVERS = {
    "rabbitmq": "rabbitmq_build_info",
    "redis": "redis_up == 1",
    "mysql": "mysql_up == 1",
    "envoy": "envoy_server_live == 1",
    "audit": "audit_runs_total > 0",
}
"""What each says of itself."""
TRADED = ("fills/market-buy.yaml", "chat/messages.yaml", "market/signals.yaml", "people/profile.yaml")
TRADED_WITHIN = 150.0
"""Seconds: on a machine that has much else to do a service may not answer in time."""
USERS = 16
LOAD = ("--users", str(USERS), "--rate", "12", "--duration", "10")
FIRST, LAST = "Page: ServerDown in rabbitmq", "Over: ServerDown in rabbitmq"


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Whole]:
    """All of it, in which there was trade and talk."""
    whole.need()
    for tool in contained_in(tmp_path_factory.mktemp("matrix")):
        with whole.watched(tool, tmp_path_factory.mktemp("watched"), partial(busy, tool)) as made:
            yield made


def busy(tool: Tool) -> None:
    """Somebody trades, at last; some of the standard set, then a load; that people are served well others try."""
    patiently(lambda: tool.run("smoke").code == 0 or None, TRADED_WITHIN, what="a smoke run that trades", every=1)
    files = [str(ROOT / "scenarios" / each) for each in TRADED]
    for command in (("scenario", "run", *files, "--name", "default"), ("load", "run", "mixed", *LOAD)):
        with tool.running(*command) as process:
            process.communicate(timeout=300)


async def test_prometheus_scrapes_each_service_the_world_and_every_server(watched: Whole) -> None:
    wanted = SERVICES | WORLD | SERVERS.keys()
    await eventually(lambda: watched.jobs("up == 1") >= wanted, PATIENCE, every=0.5)
    for server, query in SERVERS.items():
        assert watched.jobs(query) == {server}, query
    assert watched.jobs("sum by (job) (http_server_request_duration_seconds_count) > 0") >= SERVICES
    assert watched.measured("sum(order_fills_total) > 0")


async def test_loki_has_lines_of_each_service_and_jaeger_spans(watched: Whole) -> None:
    wanted = SERVICES | {"broker", "venue"}
    await eventually(lambda: watched.logging() >= wanted, PATIENCE, every=0.5)
    await eventually(lambda: watched.tracing() >= wanted, PATIENCE, every=0.5)


async def test_an_order_is_one_trace_from_its_click_in_jaeger_and_read_back_by_it_from_loki(watched: Whole) -> None:
    order, chain = await life.bought(watched.tool), life.begun(life.CLICK)
    spans = await eventually(lambda: life.whole(watched.stores, chain), PATIENCE, every=0.5)
    life.agrees(spans, chain, life.CLICK)
    assert {str(span.fields["order_id"]) for span in spans if "order_id" in span.fields} == {order}
    trace = spans[0].trace
    logs = watched.tool.ok("logs", "--trace", trace, "--json", TRADECTL_LOKI_URL=watched.loki).out
    assert {json.loads(line)["service"] for line in logs.splitlines()} >= life.THROUGH
    drawn = watched.tool.ok("traces", trace, "--json", TRADECTL_JAEGER_URL=watched.jaeger).json["spans"]
    assert {span["service"] for span in drawn} >= life.THROUGH
    address = watched.watch.prometheus
    fills = watched.tool.ok("metrics", "order_fills_total", "--json", TRADECTL_PROMETHEUS_URL=address).json["items"]
    assert {each["part"] for each in fills} == {"orders"}


async def test_what_is_of_several_traces_is_linked_to_each(watched: Whole) -> None:
    def linked() -> bool:
        found = ask("jaeger", watched.jaeger, "/api/traces", {"service": "portfolio", "limit": "500"})["data"]
        named = (each for trace in found for span in trace["spans"] for each in span["references"])
        return any(each["refType"] == "FOLLOWS_FROM" for each in named)

    await eventually(linked, PATIENCE, every=0.5)


async def test_an_exemplar_leads_from_how_long_fills_take_to_a_trace_that_jaeger_has(watched: Whole) -> None:
    def led() -> bool:
        query = {"query": "order_fill_seconds_bucket", "start": "0", "end": "9999999999"}
        found = ask("prometheus", watched.watch.prometheus, "/api/v1/query_exemplars", query)["data"]
        traces = [each["labels"]["trace_id"] for series in found for each in series["exemplars"]]
        return any(watched.stores.spans(trace=trace) for trace in traces)

    await eventually(led, PATIENCE, every=0.5)


async def test_each_panel_of_each_dashboard_has_data(watched: Whole) -> None:
    at = ("--prometheus", watched.watch.prometheus, "--loki", watched.loki, "--window", "30s", "--since", "10m")

    def lacking() -> list[str]:
        items = watched.tool.run("dashboards", "check", *at, "--json").json["items"]
        assert len(items) == sum(len(list(each.panels())) for each in BOARDS)
        return [
            f"{each['dashboard']}, {each['panel']}: {each['empty'] or each['not_watched']}"
            for each in items
            if each["empty"] or each["not_watched"]
        ]

    try:
        await eventually(lambda: not lacking(), PATIENCE, every=3)
    except AssertionError as error:
        raise AssertionError("\n".join(lacking())) from error


async def test_no_metric_has_a_series_for_each_user_or_order(watched: Whole) -> None:
    before, orders = series(watched), placed(watched)
    with watched.tool.running("load", "run", "mixed", *LOAD) as load:
        _, said = load.communicate(timeout=300)
    assert load.returncode in {0, ExitCode.CHECK_FAILED}, said
    await eventually(lambda: placed(watched) - orders > USERS, PATIENCE, every=0.5)
    new = Counter((job, name) for job, name, _ in series(watched) - before)
    assert {where: count for where, count in new.items() if count >= USERS} == {}


def series(watched: Whole) -> set[tuple[str, str, frozenset[tuple[str, str]]]]:
    """Job, name and labels of all that Prometheus has seen, histograms' bounds left out."""
    found = ask("prometheus", watched.watch.prometheus, "/api/v1/series", {"match[]": '{job=~".+"}'})["data"]
    return {
        (each["job"], each["__name__"], frozenset((label, value) for label, value in each.items() if label != "le"))
        for each in found
    }


def placed(watched: Whole) -> float:
    """Orders so far."""
    (found,) = watched.measured("sum(orders_placed_total)")
    return float(found["value"][1])


async def test_a_rabbitmq_that_is_killed_is_told_once_to_everybody_and_so_is_its_return(watched: Whole) -> None:
    watch = watched.watch
    watch.tool.ok("fault", "add", "server.kill", "--server", "rabbitmq", "--for", "5m")
    await watch.all_hear(FIRST)
    (firing,) = [each for each in watch.alerts("list")["items"] if each["labels"].get("job") == "rabbitmq"]
    assert (firing["name"], firing["severity"]) == ("ServerDown", "page")

    watch.tool.ok("fault", "clear", "--all")
    await watch.all_hear(LAST)
    watch.raise_("Fence")
    await watch.all_hear("Page: Fence")
    for way in watch.ways():
        assert [each for each in way() if "rabbitmq" in each] == [FIRST, LAST], "something was told twice"
    assert watch.tool.ok("audit", "--settled", "--json").json["differences"] == []
