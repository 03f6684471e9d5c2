import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import CannedSocket, CannedWire, desk, quote, refusing, wire
from tradectl.desk import link as links
from tradectl.desk.desk import Desk
from tradectl.desk.failures import SignedOut
from tradectl.desk.wire import Closed

AUTHENTICATED = {"type": "authenticated", "user_id": "u1", "expires_at": "2026-11-23T11:00:00Z"}


def told(kind: str, seq: int, prev: int | None, last: str = "1.00") -> dict[str, Any]:
    return {"channel": "quotes:AAPL", "type": kind, "seq": seq, "prev_seq": prev, "data": quote("AAPL", last, seq)}


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "FIRST_PAUSE", 0.001)
    monkeypatch.setattr(links, "LONGEST_PAUSE", 0.01)
    monkeypatch.setattr(links, "TRY_AGAIN", 0.001)


@asynccontextmanager
async def running(answering: CannedWire) -> AsyncIterator[tuple[Desk, CannedSocket]]:
    """A desk that follows AAPL's quotes, and its first socket."""
    made = await desk(answering)
    made.want("test", ["quotes:AAPL"])
    task = asyncio.create_task(made.run())
    try:
        await eventually(lambda: answering.sockets and len(answering.sockets[0].said) == 2)
        yield made, answering.sockets[0]
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_the_token_comes_first_and_then_all_that_is_wanted() -> None:
    async with running(wire()) as (_, socket):
        assert socket.said[0] == {"token": "first"}
        channels = ["notifications", "orders", "portfolio", "quotes:AAPL", "signals"]
        assert socket.said[1] == {"op": "subscribe", "channels": channels}


async def test_only_the_difference_is_asked_for_later() -> None:
    async with running(wire()) as (made, socket):
        made.want("test", ["quotes:IBM"])
        await eventually(lambda: len(socket.said) == 4)
        assert socket.said[2:] == [
            {"op": "unsubscribe", "channels": ["quotes:AAPL"]},
            {"op": "subscribe", "channels": ["quotes:IBM"]},
        ]


async def test_after_a_cut_everything_is_asked_for_again_and_the_age_is_told() -> None:
    answering = wire()
    async with running(answering) as (made, socket):
        socket.tell(AUTHENTICATED, told("snapshot", 7, None))
        await eventually(lambda: made.state.link.status == "live")
        socket.frames.put_nowait(Closed(1006, "gone"))
        await eventually(lambda: len(answering.sockets) == 2 and len(answering.sockets[1].said) == 2)
        assert made.state.link.status == "cut"
        assert made.state.link.age(made.state.link.heard + 12) == 12
        assert answering.sockets[1].said == socket.said
        answering.sockets[1].tell(AUTHENTICATED, told("snapshot", 3, None, "2.00"), told("delta", 4, 3, "3.00"))
        await eventually(lambda: str(made.state.quotes["AAPL"].last) == "3.00")
        assert (made.state.link.status, made.state.link.cuts) == ("live", 1)


async def test_where_a_change_is_missing_the_whole_is_asked_for() -> None:
    async with running(wire()) as (made, socket):
        socket.tell(AUTHENTICATED, told("snapshot", 1, None), told("delta", 5, 4, "9.00"), told("delta", 6, 5, "9.00"))
        await eventually(lambda: len(socket.said) == 4)
        assert socket.said[2:] == [
            {"op": "unsubscribe", "channels": ["quotes:AAPL"]},
            {"op": "subscribe", "channels": ["quotes:AAPL"]},
        ]
        assert str(made.state.quotes["AAPL"].last) == "1.00"


async def test_a_channel_that_was_lost_or_refused_for_now_is_asked_for_again() -> None:
    async with running(wire()) as (_, socket):
        socket.tell(AUTHENTICATED, {"type": "resubscribe", "channel": "quotes:AAPL"})
        await eventually(lambda: socket.said[2:] == [{"op": "subscribe", "channels": ["quotes:AAPL"]}])
        socket.tell({"type": "error", "channel": "quotes:AAPL", "code": "unavailable", "detail": ""})
        await eventually(lambda: len(socket.said) == 4)


async def test_a_token_that_ends_is_renewed_and_the_connection_made_anew() -> None:
    answering = wire()
    async with running(answering) as (_, socket):
        socket.frames.put_nowait(Closed(4401, "the token has expired"))
        await eventually(lambda: len(answering.sockets) == 2 and answering.sockets[1].said)
        assert answering.sockets[1].said[0] == {"token": "second"}


async def test_a_connection_lives_on_with_the_next_token() -> None:
    answering = wire()
    made = await desk(answering)
    made.client.renew_at = 0.0
    task = asyncio.create_task(made.run())
    await eventually(lambda: answering.sockets and {"token": "second"} in answering.sockets[0].said)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_the_session_s_end_is_told() -> None:
    answering = wire()
    answering.answers["POST /auth/refresh"] = refusing(401, "invalid_refresh_token")
    made = await desk(answering)
    task = asyncio.create_task(made.run())
    await eventually(lambda: answering.sockets)
    answering.sockets[0].frames.put_nowait(Closed(4401, "the session has ended"))
    with pytest.raises(SignedOut):
        await task
    assert made.state.link.status == "off"
