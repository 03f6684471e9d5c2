"""One order's life as its trace tells it: who is whose child from the trader's click to the mail."""

import asyncio
from collections.abc import Mapping, Sequence

from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.desk import entry
from tradectl.desk.entry import Entry
from tradectl.stack.state import Sandbox
from tradectl.telemetry.acts import acts_of
from tradectl.telemetry.source import Source, Span

CLICK, STEP = "tradectl click POST /orders", "tradectl step buy AAPL at market"
"""What an order begins with: at a desk, in a smoke run."""
ORDER = "bff POST /api/v1/orders"
CHAIN = {
    "orders POST /orders": ORDER,
    "broker FIX request": "orders POST /orders",
    "venue matched": "broker FIX request",
    "orders order report fill": "venue matched",
    "portfolio applied order_filled": "orders order report fill",
    "bff pushed order_filled": "orders order report fill",
    "notifications applied order_filled": "orders order report fill",
    "notifications delivery mail": "notifications applied order_filled",
}
THROUGH = {"bff", "orders", "broker", "venue", "portfolio", "notifications"}
"""Services that a life goes through, and whose lines tell of it."""
MANY = 1_000
"""Traces: a smoke asks for signals again and again."""


def named(span: Span) -> str:
    return f"{span.service} {span.name}"


async def bought(tool: Tool) -> str:
    """A share, by a click at a desk of a new trader's, who hears of it there; the order's id."""
    place = Sandbox("default", tool.sandbox())
    found = {name: f"http://127.0.0.1:{port}" for name, port in tool.ports().items()}
    desk = await entry.demo(Entry(found["bff.http"], endpoints=found, acts=acts_of(place)))
    order = {"symbol": "AAPL", "side": "buy", "type": "market", "tif": "ioc", "quantity": "1"}
    running = asyncio.create_task(desk.run())
    try:
        await eventually(lambda: desk.state.link.status == "live")
        placed = await desk.place(order)
        await eventually(lambda: desk.state.orders[placed.id].status == "filled")
        return placed.id
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        await desk.client.wire.close()


def begun(top: str) -> Mapping[str, str]:
    """The chain of an order that began with that."""
    return {ORDER: top, **CHAIN}


def whole(source: Source, chain: Mapping[str, str], order: str = "") -> list[Span] | None:
    """The spans and moments of this or any order's trace, once all have come that the chain names."""
    for heading in source.traces(MANY, order):
        if set(heading.services) >= THROUGH:
            spans = source.spans(trace=heading.id)
            if {named(span) for span in spans} >= chain.keys() | set(chain.values()):
                return spans
    return None


def agrees(spans: Sequence[Span], chain: Mapping[str, str], top: str) -> None:
    """Each has the parent that the chain names, and all of them hang on that.

    On several of its name where what lies above them is told elsewhere: a step of smoke asks again and again.
    """
    known = {span.id: span for span in spans if span.id}
    for child, parent in chain.items():
        assert {named(known[span.parent]) for span in spans if named(span) == child} == {parent}, child
    assert {named(span) for span in known.values() if span.parent not in known} == {top}
