import json
from pathlib import Path

from services.contracts.metrics import counter, gauge, histogram
from services.runtime import logfile, trace
from services.runtime.instruments import MOST, OTHER
from services.runtime.metrics import Metrics

FILLS = counter("fills_total", "Fills booked", "symbol")
OPEN = gauge("orders_open", "Open orders", "standing")
AGES = histogram("age_seconds", "An age", buckets=(0.1, 1.0))
OPENMETRICS = "application/openmetrics-text;version=1.0.0"


def test_requests_are_counted_by_method_route_and_status() -> None:
    metrics = Metrics("orders")
    metrics.request("GET", "/orders/{id}", 200, 0.004)
    metrics.request("GET", "/orders/{id}", 200, 0.3)
    text = metrics.text().decode()
    labels = 'http_request_method="GET",http_response_status_code="200",http_route="/orders/{id}"'
    assert f"http_server_request_duration_seconds_count{{{labels}}} 2.0" in text
    assert 'http_route="/orders/{id}",le="0.005"} 1.0' in text


def test_a_method_that_a_client_made_up_is_no_series_of_its_own() -> None:
    metrics = Metrics("orders")
    for number in range(100):
        metrics.request(f"MADE{number}", "", 405, 0.001)
    counted = [line for line in metrics.text().decode().splitlines() if "duration_seconds_count" in line]
    assert len(counted) == 1
    assert counted[0].endswith("} 100.0")


def test_parts_of_one_process_do_not_mix() -> None:
    one, other = Metrics("orders"), Metrics("portfolio")
    one.counter(FILLS).inc("AAPL")
    other.counter(FILLS)
    assert 'fills_total{symbol="AAPL"} 1.0' in one.text().decode()
    assert "AAPL" not in other.text().decode()


def test_a_gauge_forgets_what_is_no_more() -> None:
    metrics = Metrics("orders")
    standing = metrics.gauge(OPEN)
    standing.replace({("new",): 3, ("partially_filled",): 1})
    standing.replace({("new",): 2})
    text = metrics.text().decode()
    assert 'orders_open{standing="new"} 2.0' in text
    assert "partially_filled" not in text


def test_a_value_can_be_asked_for() -> None:
    metrics, waiting = Metrics("orders"), [1, 2, 3]
    metrics.gauge(gauge("waiting_things", "Things")).read(lambda: len(waiting))
    waiting.pop()
    assert "waiting_things 2.0" in metrics.text().decode()


async def test_what_cannot_be_read_for_a_page_is_told_of_no_trace(tmp_path: Path) -> None:
    metrics = Metrics("orders")

    async def broken() -> None:
        raise ConnectionError("the broker is gone")

    metrics.before_page(broken)
    logfile.configure(tmp_path)
    try:
        with trace.continue_from(None):
            await metrics.page("")
    finally:
        logfile.forget()
    (line,) = [json.loads(each) for each in (tmp_path / "orders.jsonl").read_bytes().splitlines()]
    assert line["event"] == "a metric cannot be read"
    assert "trace_id" not in line


async def test_an_exemplar_names_the_trace_of_a_value() -> None:
    metrics = Metrics("orders")
    ages = metrics.histogram(AGES)
    with trace.continue_from(None) as span:
        ages.observe(0.5)
    page, content_type = await metrics.page(OPENMETRICS)
    [line] = [line for line in page.decode().splitlines() if 'age_seconds_bucket{le="1.0"}' in line]
    assert f'# {{trace_id="{span.trace_id}"}} 0.5' in line
    assert content_type.startswith("application/openmetrics-text")


async def test_what_cannot_be_looked_up_leaves_the_rest_of_the_page() -> None:
    metrics = Metrics("orders")

    async def fails() -> None:
        raise ConnectionError("the database is away")

    metrics.before_page(fails)
    page, _ = await metrics.page()
    assert b"event_loop_lag_seconds" in page


def test_no_metric_grows_without_an_end() -> None:
    metrics = Metrics("orders")
    fills = metrics.counter(FILLS)
    for number in range(2 * MOST):
        fills.inc(f"SYMBOL{number}")
    assert len(fills.values) == MOST + 1
    assert fills.values[OTHER,] == MOST
