"""The state of the world as one document, and the world again from it."""

from typing import Any

import msgspec

from sim.venue.book import Half, Level, Resting
from sim.venue.live import Order
from sim.venue.market import Market
from sim.venue.setup import feed_of
from sim.venue.world import World

State = dict[str, Any]


def saved(world: World) -> bytes:
    """Everything that the setup does not say. Orders that have ended are in the archive."""
    orders = {order.order_id: order for order in world.desk.names.values()}
    return msgspec.msgpack.encode(
        {
            "now": world.now,
            "number": world.record.number,
            "orders_made": world.record.orders,
            "orders": list(orders.values()),
            "names": [(*name, order.order_id) for name, order in world.desk.names.items()],
            "amended": sorted(world.desk.amended),
            "corrected": list(world.desk.corrected.values()),
            "markets": {symbol: _market(market) for symbol, market in world.markets.items()},
            "feeds": {symbol: feed.save() for symbol, feed in world.feeds.items()},
        }
    )


def restore(world: World, document: bytes) -> None:
    """Set a new world to what was saved."""
    state = msgspec.msgpack.decode(document)
    orders = {each["order_id"]: msgspec.convert(each, Order) for each in state["orders"]}
    world.now = state["now"]
    world.record.number, world.record.orders = state["number"], state["orders_made"]
    world.desk.names = {(sender, name): orders[order_id] for sender, name, order_id in state["names"]}
    world.desk.amended = set(state.get("amended", ()))
    world.desk.corrected = {each["order_id"]: msgspec.convert(each, Order) for each in state.get("corrected", ())}
    for symbol, market in world.markets.items():
        _restore_market(market, state["markets"][symbol], orders)
        world.boundaries[symbol] = world.sessions[symbol].after(world.now)
        history = world.histories[symbol]
        feed = feed_of(world.setup, world.listings[symbol], history, world.setup.origin)
        world.feeds[symbol] = feed.load(state["feeds"][symbol], market)


def _market(market: Market) -> State:
    tape = market.tape
    return {
        "seq": tape.seq,
        "trade_id": tape.trade_id,
        "time": tape.time,
        "last": tape.last,
        "status": tape.status,
        "suspended": market.suspended,
        "reference": market.reference,
        "line": market.line,
        "stops": [order.order_id for order in market.stops],
        "called": [order.order_id for order in market.called],
        "indicated": tape.indicated,
        "bids": _half(market.bids),
        "asks": _half(market.asks),
    }


def _half(half: Half) -> State:
    return {
        "sizes": list(half.sizes.items()),
        "levels": [
            (price, level.shown, level.consumed, [_resting(resting) for resting in level.queue])
            for price, level in half.levels.items()
        ],
    }


def _resting(resting: Resting) -> tuple[str, int, int, int, int]:
    order_id = resting.order.order_id if resting.order else ""
    return order_id, resting.agent, resting.size, resting.leaves, resting.ahead


def _restore_market(market: Market, state: State, orders: dict[str, Order]) -> None:
    tape = market.tape
    tape.seq, tape.trade_id, tape.time = state["seq"], state["trade_id"], state["time"]
    tape.last, tape.status = state["last"], state["status"]
    market.reference, market.line = state["reference"], state["line"]
    market.suspended = state.get("suspended", False)
    market.stops = [orders[order_id] for order_id in state["stops"]]
    market.called = [orders[order_id] for order_id in state.get("called", ())]
    price, quantity = state.get("indicated", (None, 0))
    tape.indicated = price, quantity
    for half, saved_half in ((market.bids, state["bids"]), (market.asks, state["asks"])):
        half.sizes = dict(saved_half["sizes"])
        half.keys = sorted(price * half.sign for price in half.sizes)
        for price, shown, consumed, queue in saved_half["levels"]:
            half.levels[price] = _level(market, price, (shown, consumed, queue), orders)


def _level(market: Market, price: int, state: tuple[int, int, list[Any]], orders: dict[str, Order]) -> Level:
    level = Level(state[0])
    level.consumed = state[1]
    for order_id, agent, size, leaves, ahead in state[2]:
        order = orders[order_id] if order_id else None
        resting = Resting(price, size, order=order, agent=agent)
        resting.leaves, resting.ahead = leaves, ahead
        level.queue.append(resting)
        level.standing += leaves
        if order is not None:
            market.resting[order_id] = resting
    return level
