"""Log lines of one small trace: the door asks orders, and orders says something in between."""

from typing import Any


def line(at: str, service: str, event: str, **fields: Any) -> dict[str, Any]:
    """``at`` is milliseconds and microseconds of a second: 020.000."""
    return {"time": f"2024-08-08T07:10:00.{at.replace('.', '')}Z", "service": service, "event": event, **fields}


def request(at: str, service: str, path: str, ms: float, **fields: Any) -> dict[str, Any]:
    """Written at its end."""
    told = {"level": "info", "method": "POST", "path": path, "status": 201, "ms": ms}
    return line(at, service, "request", **told, **fields)


TRACE = [
    line("010.000", "orders", "reserved", level="info", trace_id="a", order_id="o1"),
    request("012.000", "orders", "/orders", 8.0, trace_id="a", order_id="o1"),
    request("014.000", "bff", "/api/v1/orders", 14.0, trace_id="a"),
    line("030.000", "orders", "order report", level="warning", trace_id="a", order_id="o1", kind="fill"),
]
