"""The drop copy, on real sockets."""

from pathlib import Path

from services.fix import tags
from services.fix.messages import BusinessMessageReject, ExecutionReport
from services.fix.validation import validate
from tests.eventually import eventually
from tests.integration.sim.broker.client import FixClient, order
from tests.integration.sim.broker.desk import Desk, desk


async def place(broker: Desk, cl_ord_id: str) -> list[str]:
    """Ten shares by REST; the ids of what was reported."""
    body = {"cl_ord_id": cl_ord_id, "account": "anna", "symbol": "AAPL", "side": "buy", "type": "market"}
    answer = await broker.rest.post("/orders", json={**body, "quantity": "10"})
    return [report["exec_id"] for report in answer.json()]


def copied(client: FixClient) -> list[str]:
    return [report.exec_id for report in client.told if isinstance(report, ExecutionReport)]


async def test_every_senders_executions_are_copied_from_the_first_one_on(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient().connected(broker.fix) as orders:
        told = await place(broker, "r1")
        async with FixClient("DROPCOPY").connected(broker.fix) as copy:
            await orders.send(order("o1"))
            await orders.hears(ExecutionReport, "o1", ord_status="2")
            own = [report.exec_id for report in orders.of(ExecutionReport, "o1")]
            await eventually(lambda: copied(copy) == [*told, *own])


async def test_who_comes_back_is_told_what_he_has_missed_and_nothing_twice(tmp_path: Path) -> None:
    copy = FixClient("DROPCOPY")
    async with desk(tmp_path) as broker:
        first = await place(broker, "r1")
        async with copy.connected(broker.fix):
            await eventually(lambda: copied(copy) == first)
        second = await place(broker, "r2")
    async with desk(tmp_path) as again, copy.connected(again.fix):
        third = await place(again, "r3")
        await eventually(lambda: copied(copy) == [*first, *second, *third])


async def test_a_copy_is_marked_and_fits_the_standard(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker:
        await place(broker, "r1")
        async with FixClient("DROPCOPY").connected(broker.fix) as copy:
            await eventually(lambda: len(copied(copy)) > 1)
        assert [validate(message) for message in copy.messages] == [None] * len(copy.messages)
        assert all(message.flag(tags.CopyMsgIndicator) for message in copy.messages)


async def test_a_drop_copy_takes_no_orders(tmp_path: Path) -> None:
    async with desk(tmp_path) as broker, FixClient("DROPCOPY").connected(broker.fix) as copy:
        await copy.send(order("o1"))
        refusal = (await eventually(lambda: [r for r in copy.told if isinstance(r, BusinessMessageReject)]))[0]
        assert (refusal.ref_msg_type, refusal.business_reject_reason) == ("D", 3)
        assert (await broker.rest.get("/executions")).json() == []
