"""Whom the trace crosses FIX to: a broker of ours where the settings say so, and no other."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from services.fix import tags
from services.fix.message import Message
from services.fix.messages import NewOrderSingle
from services.fix.session import Exchange
from tests.eventually import eventually
from tests.integration.orders.desk import ticket, trading
from tests.integration.orders.street import Street

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
HEADERS = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01"}


@pytest.mark.parametrize(("options", "told"), [({}, False), ({"orders.fix_trace": "yes"}, True)])
async def test_a_broker_is_sent_the_trace_only_where_the_settings_call_it_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: Mapping[str, str], told: bool
) -> None:
    heard: list[Message] = []
    commit = Street.commit

    async def hear(self: Street, exchange: Exchange) -> None:
        heard.extend(exchange.delivered)
        await commit(self, exchange)

    monkeypatch.setattr(Street, "commit", hear)
    async with trading(tmp_path, options) as desk:
        await desk.deposit("ann", 10_000_000)
        async with desk.client("ann") as client:
            order = (await client.post("/orders", json=ticket(), headers=HEADERS)).json()
            await eventually(lambda: desk.street.requests(NewOrderSingle))
            await client.delete(f"/orders/{order['id']}", headers=HEADERS)
            await eventually(lambda: len(heard) > 1)
    traces = [message.text(tags.Traceparent) for message in heard]
    assert [bool(each) for each in traces] == [told] * len(heard)
    assert not told or {each.split("-")[1] for each in traces if each} == {TRACE}
