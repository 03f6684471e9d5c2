"""One order's life as its trace tells it: who is whose child from the client's call to the mail."""

from collections.abc import Mapping, Sequence

from tradectl.telemetry.source import Span
from tradectl.telemetry.stores import Stores

ORDER = "bff POST /api/v1/orders"
CHAIN = {
    "orders POST /orders": ORDER,
    "broker FIX request": "orders POST /orders",
    "venue matched": "broker FIX request",
    "orders order report fill": "venue matched",
    "portfolio applied order_filled": "orders order report fill",
    "notifications applied order_filled": "orders order report fill",
    "notifications delivery mail": "notifications applied order_filled",
}
THROUGH = {"bff", "orders", "broker", "venue", "portfolio", "notifications"}
"""Services that a life goes through, and whose lines tell of it."""
MANY = 1_000
"""Traces: a smoke asks for signals again and again."""


def named(span: Span) -> str:
    return f"{span.service} {span.name}"


def whole(stores: Stores, chain: Mapping[str, str]) -> list[Span] | None:
    """The spans and moments of an order's trace, once all have come that the chain names."""
    for heading in stores.traces(MANY):
        if set(heading.services) >= THROUGH:
            spans = stores.spans(trace=heading.id)
            if {named(span) for span in spans} >= chain.keys():
                return spans
    return None


def agrees(spans: Sequence[Span], chain: Mapping[str, str], top: str) -> None:
    """Each has the parent that the chain names, and all of them hang on one."""
    known = {span.id: span for span in spans if span.id}
    for child, parent in chain.items():
        assert {named(known[span.parent]) for span in spans if named(span) == child} == {parent}, child
    assert [named(span) for span in known.values() if span.parent not in known] == [top]
