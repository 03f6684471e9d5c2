from services.runtime.metrics import Metrics


def test_requests_are_counted_by_method_route_and_status() -> None:
    metrics = Metrics("orders")
    metrics.request("GET", "/orders/{id}", 200, 0.004)
    metrics.request("GET", "/orders/{id}", 200, 0.3)
    text = metrics.text().decode()
    labels = 'method="GET",route="/orders/{id}",status="200"'
    assert f"http_request_duration_seconds_count{{{labels}}} 2.0" in text
    assert f'http_request_duration_seconds_bucket{{le="0.005",{labels}}} 1.0' in text


def test_parts_of_one_process_do_not_mix() -> None:
    one, other = Metrics("orders"), Metrics("portfolio")
    one.counter("fills", "Fills booked", ("symbol",)).labels("AAPL").inc()
    other.counter("fills", "Fills booked", ("symbol",))
    assert 'fills_total{symbol="AAPL"} 1.0' in one.text().decode()
    assert "AAPL" not in other.text().decode()
