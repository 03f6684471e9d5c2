"""The hub deals out batches in order, encoded once, and drops who is too slow."""

import asyncio

import msgspec

from services.contracts.market import BookDelta, MarketMessage
from sim.provider import hub as module
from sim.provider.hub import Hub, Subscriber, encoded


def delta(symbol: str, seq: int) -> BookDelta:
    return BookDelta(symbol=symbol, seq=seq, prev_seq=seq - 1, time=seq, bids=[(seq, 1)], asks=[])


def subscriber(hub: Hub, *symbols: str, backlog: int = module.BACKLOG) -> Subscriber:
    made = Subscriber(backlog)
    made.symbols = frozenset(symbols)
    hub.subscribers.add(made)
    return made


async def next_batch(of: Subscriber) -> list[MarketMessage]:
    frame = await of.take(1.0)
    assert frame is not None
    return msgspec.json.decode(frame, type=list[MarketMessage])


async def test_what_one_loop_turn_publishes_is_one_frame_in_order() -> None:
    hub = Hub()
    client = subscriber(hub, "AAPL")
    hub.publish([delta("AAPL", 1)])
    hub.publish([delta("AAPL", 2), delta("AAPL", 3)])
    assert [message.seq for message in await next_batch(client)] == [1, 2, 3]


async def test_a_client_gets_only_its_symbols() -> None:
    hub = Hub()
    client = subscriber(hub, "IBM")
    hub.publish([delta("AAPL", 1), delta("IBM", 7)])
    assert [(message.symbol, message.seq) for message in await next_batch(client)] == [("IBM", 7)]


async def test_clients_of_the_same_symbols_share_one_encoding() -> None:
    hub = Hub()
    one, other = subscriber(hub, "AAPL", "IBM"), subscriber(hub, "IBM", "AAPL")
    hub.publish([delta("AAPL", 1)])
    assert await one.take(1.0) is await other.take(1.0)


async def test_nothing_is_kept_while_nobody_listens() -> None:
    hub = Hub()
    hub.publish([delta("AAPL", 1)])
    client = subscriber(hub, "AAPL")
    assert await client.take(0.01) is None


async def test_silence_gives_nothing_after_the_patience() -> None:
    assert await Subscriber(1).take(0.001) is None


async def test_a_client_past_its_backlog_loses_everything_and_is_marked() -> None:
    hub = Hub()
    slow = subscriber(hub, "AAPL", backlog=500)
    hub.publish([delta("AAPL", seq) for seq in range(20)])
    hub.flush()
    assert slow.overrun
    assert (slow.waiting, await slow.take(1.0)) == (0, None)


async def test_room_is_given_again_when_the_slowest_has_caught_up() -> None:
    hub = Hub(pressure=100)
    client = subscriber(hub, "AAPL")
    hub.publish([delta("AAPL", seq) for seq in range(20)])
    hub.flush()
    waiting = asyncio.ensure_future(hub.room())
    await asyncio.sleep(0)
    assert not waiting.done()
    frame = await client.take(1.0)
    assert frame is not None
    client.sent(frame)
    hub.settle()
    await asyncio.wait_for(waiting, 1.0)


async def test_a_client_that_never_catches_up_is_dropped_and_the_market_goes_on() -> None:
    hub = Hub(pressure=100, patience=0.01)
    stuck = subscriber(hub, "AAPL")
    hub.publish([delta("AAPL", seq) for seq in range(20)])
    await asyncio.wait_for(hub.room(), 1.0)
    assert stuck.overrun


def test_many_messages_are_split_into_frames() -> None:
    frames = encoded([delta("AAPL", seq) for seq in range(module.MESSAGES_A_FRAME + 1)])
    assert [len(msgspec.json.decode(frame)) for frame in frames] == [module.MESSAGES_A_FRAME, 1]
