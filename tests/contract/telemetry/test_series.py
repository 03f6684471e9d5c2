"""What both sources say alike of the same page of metrics: a run's own file, and the real Prometheus."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from services.contracts.metrics import orders, parts
from services.runtime.metrics import Metrics
from tests import monitors
from tradectl.alerts.scrape import prometheus
from tradectl.alerts.targets import Job
from tradectl.probes.eventually import eventually
from tradectl.telemetry.recorded import Recorded
from tradectl.telemetry.scrape import OF_PROCESS, page
from tradectl.telemetry.source import Series, Source
from tradectl.telemetry.store import Store
from tradectl.telemetry.stores import Addresses, Stores

PART = "orders"
OF_ANY_PART = ("order", "http_", "event_loop", "log_", "target_", "fault_")
"""What names of its numbers begin with, those that libraries of every part have included."""
Whose = tuple[str, str, frozenset[tuple[str, str]]]


class Page(BaseHTTPRequestHandler):
    """A part's, on which fills are counted each time that somebody looks."""

    metrics = Metrics(PART)
    fills, reports = metrics.counter(orders.FILLS), metrics.counter(orders.REPORTS)
    filled = metrics.histogram(orders.FILL_TIME)

    def do_GET(self) -> None:
        self.fills.inc("buy", by=3)
        self.reports.inc("fill", "filled")
        self.filled.observe(0.02)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(self.metrics.text())

    def log_message(self, *_: object) -> None:
        """Tests are told nothing of it."""


@contextmanager
def answering() -> Iterator[int]:
    """The page's port."""
    with HTTPServer(("127.0.0.1", 0), Page) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture(scope="module", params=["file", pytest.param("prometheus", marks=pytest.mark.night)])
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    """A source that has looked at the page several times."""
    folder: Path = tmp_path_factory.mktemp("series")
    if request.param == "file":
        with answering() as port:
            store = Store(folder / "run.db")
            for number in range(3):
                samples = page(f"http://127.0.0.1:{port}")
                store.add_samples(time.time_ns() // 1_000 - (3 - number) * 1_000_000, {PART: samples})
        yield Recorded(folder / "run.db")
        store.close()
        return
    monitors.need("prometheus")
    with answering() as port:
        job = Job(name=PART, kind="service", addresses=(f"127.0.0.1:{port}",))
        (folder / "prometheus.yml").write_text(prometheus([job], "127.0.0.1:1", every="1s"), encoding="utf-8")
        with monitors.prometheus(folder) as address:
            stores = Stores(Addresses(prometheus=address))
            eventually(lambda: grown(stores), 30.0, what="a page that was scraped twice")
            yield stores


def told(source: Source) -> dict[Whose, Series]:
    """Since half a minute ago, by whose they are."""
    since = time.time_ns() // 1_000 - 30_000_000
    return {(each.part, each.name, frozenset(each.labels.items())): each for each in source.series(since)}


def grown(source: Source) -> bool | None:
    fills = told(source).get(whose("order_fills_total", side="buy"))
    return True if fills and fills.points[-1][1] > fills.points[0][1] else None


def whose(name: str, **labels: str) -> Whose:
    return PART, name, frozenset(labels.items())


def test_a_series_is_of_the_part_and_has_the_labels_that_the_part_gave_it(source: Source) -> None:
    found = told(source)
    assert whose("order_reports_total", report="fill", status="filled") in found
    assert whose(parts.TARGET.name, service_name=PART, service_instance_id=PART) in found
    assert whose("order_fill_seconds_bucket", le="0.025") in found
    assert whose("order_fill_seconds_count") in found
    ours = {name for _, name, _ in found if not name.startswith(OF_PROCESS)}
    assert {name for name in ours if not name.startswith(OF_ANY_PART)} == set()


def test_what_counts_rises_from_the_oldest_point_to_the_newest(source: Source) -> None:
    points = told(source)[whose("order_fills_total", side="buy")].points
    times, values = [moment for moment, _ in points], [value for _, value in points]
    assert times == sorted(times)
    assert values == sorted(values)
    assert values[-1] > values[0]
    assert values[-1] % 3 == 0
