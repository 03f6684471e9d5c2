"""What clients see of the broker's faults, and that no report stays lost."""

import asyncio
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from services.fix.messages import ExecutionReport, OrderCancelReject, Record
from tests.breaking import broken, mend
from tests.eventually import eventually
from tests.integration.sim.broker.client import FixClient, order
from tests.integration.sim.broker.desk import Desk, desk
from tests.integration.sim.broker.test_fix import cancel, resting

pytestmark = pytest.mark.usefixtures("mended")
ORDERS = 12


@pytest.mark.parametrize(
    ("kind", "terms"),
    [
        ("fix.gap", {"percent": 40}),
        ("fix.wrong_number", {"percent": 40, "offset": 3}),
        ("fix.wrong_number", {"percent": 40, "offset": -2}),
        ("fix.duplicate", {"percent": 30}),
        ("fix.garbled", {"percent": 40}),
        ("fix.logout", {"every": 0.3}),
        ("fix.disconnect", {"every": 0.3}),
    ],
    ids=str,
)
async def test_each_report_is_heard_when_all_is_whole_again(tmp_path: Path, kind: str, terms: dict[str, Any]) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        broken("broker", kind, **terms)
        for number in range(ORDERS):
            await sent(client, order(f"o{number}"))
            await eventually(partial(known, broker, f"o{number}"), 20)
        mend("broker")

        async def whole() -> bool:
            if client.endpoint.logged_on:
                await client.send(cancel(f"q{len(client.told)}", "nothing"))  # its answer shows what is missing
            told = [record for record in client.told if isinstance(record, ExecutionReport)]
            return {record.cl_ord_id for record in told if record.exec_type == "F"} >= {
                f"o{number}" for number in range(ORDERS)
            }

        await eventually(whole, 40, every=0.3)
        executions = (await broker.rest.get("/executions")).json()
        numbered = {each["exec_id"] for each in executions if each["kind"] in {"new", "trade"}}
        await eventually(lambda: heard(client) >= numbered, 40)


async def sent(client: FixClient, what: Record) -> None:
    """As soon as there is a session."""

    async def attempt() -> bool:
        await client.send(what)
        return True

    await eventually(attempt, 20)


def known(broker: Desk, cl_ord_id: str) -> bool:
    return broker.venue.order("ORDERS", cl_ord_id) is not None


def heard(client: FixClient) -> set[str]:
    return {record.exec_id for record in client.told if isinstance(record, ExecutionReport)}


async def test_reports_come_so_much_later_and_in_their_order(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        broken("broker", "fix.slow_ack", ms=300)
        began = loop.time()
        await client.send(order("o1"))
        await client.hears(ExecutionReport, "o1", exec_type="F")
        assert loop.time() - began >= 0.3
        kinds = [record.exec_type for record in client.told if isinstance(record, ExecutionReport)]
        assert kinds == ["0", *"F" * (len(kinds) - 1)]


async def test_a_silent_broker_says_all_when_it_is_over(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        broken("broker", "fix.silent")
        await client.send(order("o1"))
        await eventually(lambda: len(broker.venue.executions_since(0)) > 1)
        assert client.told == []
        mend("broker")
        await client.hears(ExecutionReport, "o1", exec_type="F")


async def test_who_is_refused_gets_no_session_until_it_is_over(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        broken("broker", "fix.refuse")
        await eventually(lambda: not client.endpoint.attached)
        reader, writer = await asyncio.open_connection("127.0.0.1", broker.fix)
        assert await ended(reader)
        writer.close()
        mend("broker")
        await asyncio.wait_for(client.endpoint.wait_synchronised(), 20)


async def ended(reader: asyncio.StreamReader) -> bool:
    try:
        return await reader.read() == b""
    except ConnectionError:
        return True


async def test_orders_and_changes_are_refused_without_the_venue(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        await client.send(resting(broker, "o1"))
        await client.hears(ExecutionReport, "o1", exec_type="0")
        known = len(broker.venue.executions_since(0))
        broken("broker", "fix.reject", percent=100)
        broken("broker", "fix.reject_changes", percent=100)
        await client.send(order("o2"), cancel("o3", "o1"))
        refused = await client.hears(ExecutionReport, "o2", exec_type="8")
        assert (refused.exec_id, refused.text) == ("o2:refused", "broker_fault")
        assert (await client.hears(OrderCancelReject, "o3")).text == "broker_fault"
        assert len(broker.venue.executions_since(0)) == known


async def test_rest_is_turned_away_late_or_failed(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with desk(tmp_path) as broker:
        broken("broker", "broker.refuse")
        assert (await broker.rest.get("/orders")).status_code == 503
        mend("broker")
        broken("broker", "broker.errors", percent=100)
        assert (await broker.rest.get("/orders")).status_code == 500
        assert (await broker.rest.get("/internal/state")).status_code == 200
        mend("broker")
        broken("broker", "broker.latency", ms=200)
        began = loop.time()
        assert (await broker.rest.get("/orders")).status_code == 200
        assert loop.time() - began >= 0.2


async def test_a_symbol_that_a_fault_halts_takes_no_orders_until_it_is_over(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as client:
        broken("venue", "feed.halt", symbol="AAPL")
        await eventually(lambda: broker.venue.instruments["AAPL"].status == "halted")
        await client.send(order("o1"))
        assert (await client.hears(ExecutionReport, "o1", exec_type="8")).text == "halted"
        mend("venue")
        await eventually(lambda: broker.venue.instruments["AAPL"].status == "open")
        await client.send(order("o2"))
        await client.hears(ExecutionReport, "o2", exec_type="F")


async def test_a_venue_that_ends_while_a_symbol_is_halted_lets_it_go_on_when_it_is_back(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        broken("venue", "feed.halt", symbol="AAPL")
        await eventually(lambda: broker.venue.instruments["AAPL"].status == "halted")
    async with desk(tmp_path) as again:
        assert again.venue.instruments["AAPL"].status == "open"
