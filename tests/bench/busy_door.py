"""A BFF with a market that never rests: 2,000 quotes a second over a hundred symbols, and one symbol's book and trades.

``python -m tests.bench.busy_door`` prints its address and serves until its standard input ends.
"""

import asyncio
import itertools
import random
import sys
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from aiohttp import WSMsgType, web

PREFIX = "/api/v1"
SYMBOLS = [f"S{number:03d}" for number in range(100)]
QUOTES = 2_000
"""A second, over all symbols."""
OTHERS = 20
"""A second: the book's changes, and trades, and the forming bar's."""
BEAT = 0.01
"""Seconds between two frames."""
START = datetime(2024, 8, 8, 7, 10, tzinfo=UTC)
TOKENS = {"access_token": "a", "refresh_token": "r", "expires_in": 900}
PROFILE = {
    "email": "busy@example.org",
    "display_name": "Busy",
    "language": "en",
    "time_zone": "UTC",
    "roles": ["trader"],
}
encode = msgspec.json.encode
Json = dict[str, Any]


def instrument(symbol: str) -> Json:
    """Terms, all alike."""
    return {
        "symbol": symbol, "name": f"{symbol} Inc.", "kind": "share", "currency": "USD", "tick": "0.01", "lot": "1",
        "price_scale": 2, "quantity_scale": 0, "reference_price": "200.00", "status": "open", "session": None,
        "price_band": {"low": "100.00", "high": "300.00"}, "maker_fee": "0.0005", "taker_fee": "0.0010",
    }  # fmt: skip


class Market:
    """Prices that walk, from one seed."""

    def __init__(self) -> None:
        self.chance = random.Random(1)
        self.cents = dict.fromkeys(SYMBOLS, 20_000)
        self.numbers = itertools.count(1)

    @property
    def now(self) -> str:
        """Market time."""
        return (START + timedelta(milliseconds=next(self.numbers))).isoformat()

    def step(self, symbol: str) -> int:
        """Another price, in cents."""
        self.cents[symbol] = min(max(self.cents[symbol] + self.chance.choice((-3, -1, 0, 1, 3)), 15_000), 25_000)
        return self.cents[symbol]

    def quote(self, symbol: str) -> Json:
        """The quote now."""
        cents = self.step(symbol)
        return {
            "symbol": symbol, "bid": money(cents - 1), "bid_size": "300", "ask": money(cents + 1), "ask_size": "200",
            "last": money(cents), "open": "199.00", "high": "250.00", "low": "150.00", "previous_close": "200.00",
            "volume": "12345", "stale": False, "seq": next(self.numbers), "time": self.now,
        }  # fmt: skip

    def book(self, symbol: str, levels: int) -> Json:
        """So many levels a side around the price."""
        cents = self.cents[symbol]
        sides = {
            side: [[money(cents + sign * step), str(self.chance.randint(1, 900))] for step in range(1, levels + 1)]
            for side, sign in (("bids", -1), ("asks", 1))
        }
        return {"symbol": symbol, "time": self.now, **sides}

    def trade(self, symbol: str) -> Json:
        """At the price."""
        side = self.chance.choice(("buy", "sell"))
        number = next(self.numbers)
        return {
            "id": number, "price": money(self.cents[symbol]), "quantity": "5", "aggressor": side, "time": self.now
        }  # fmt: skip

    def bar(self, symbol: str, minute: int, *, closed: bool) -> Json:
        """A minute's; the one that is forming is the last."""
        cents = self.cents[symbol] if not closed else 20_000 + self.chance.randint(-200, 200)
        start = START.replace(hour=0, minute=0) + timedelta(minutes=minute)
        return {
            "start": start.isoformat(), "open": money(cents - 20), "high": money(cents + 40), "low": money(cents - 40),
            "close": money(cents), "volume": str(self.chance.randint(100, 900)), "trades": 9, "closed": closed,
        }  # fmt: skip

    def bars(self, symbol: str) -> Json:
        """Of five hours."""
        return {"items": [self.bar(symbol, minute, closed=True) for minute in range(130, 430)]}


def money(cents: int) -> str:
    """As the API writes it."""
    return f"{cents // 100}.{cents % 100:02d}"


class Client:
    """One connection: what it follows, and the numbers of its channels."""

    def __init__(self, market: Market, socket: web.WebSocketResponse) -> None:
        self.market = market
        self.socket = socket
        self.seqs: dict[str, int] = {}
        self.turn = 0

    def whole(self, channel: str) -> Json:
        """A channel's snapshot."""
        kind, _, rest = channel.partition(":")
        symbol = rest.partition(":")[0]
        makers: dict[str, Callable[[], Any]] = {
            "quotes": lambda: self.market.quote(symbol),
            "book": lambda: self.market.book(symbol, 30),
            "candles": lambda: self.market.bars(symbol),
            "portfolio": portfolio,
        }
        data = makers.get(kind, lambda: {"items": [], "unread": 0})()
        self.seqs[channel] = 1
        return {"channel": channel, "type": "snapshot", "seq": 1, "prev_seq": None, "data": data}

    def delta(self, channel: str, data: Json) -> Json:
        """The next number of a channel that is followed."""
        before = self.seqs[channel]
        self.seqs[channel] = before + 1
        return {"channel": channel, "type": "delta", "seq": before + 1, "prev_seq": before, "data": data}

    def beat(self) -> list[Json]:
        """What happens in one beat."""
        quoted = [channel for channel in self.seqs if channel.startswith("quotes:")]
        messages = []
        for _ in range(round(QUOTES * BEAT) if quoted else 0):
            channel = quoted[self.turn % len(quoted)]
            messages.append(self.delta(channel, self.market.quote(channel.partition(":")[2])))
            self.turn += 1
        if self.turn % round(QUOTES / OTHERS) == 0:
            messages += [self.delta(channel, data) for channel in self.seqs if (data := self.other(channel))]
        return messages

    def other(self, channel: str) -> Json | None:
        """A change of a book, a trade or a bar; nothing of other channels."""
        kind, _, rest = channel.partition(":")
        symbol = rest.partition(":")[0]
        if kind == "book":
            return self.market.book(symbol, 4)
        if kind == "trades":
            return self.market.trade(symbol)
        return self.market.bar(symbol, 430, closed=False) if kind == "candles" else None

    async def stream(self) -> None:
        """On schedule, whether or not the last frame took long."""
        loop = asyncio.get_running_loop()
        for number in itertools.count():
            due = asyncio.Event()
            loop.call_at(self.begin + number * BEAT, due.set)
            await due.wait()
            if messages := self.beat():
                await self.tell(messages)

    async def run(self) -> None:
        """The token, then subscriptions; the market streams meanwhile."""
        self.begin = asyncio.get_running_loop().time()
        streaming = asyncio.create_task(self.stream())
        try:
            async for frame in self.socket:
                if frame.type is WSMsgType.TEXT:
                    await self.answer(msgspec.json.decode(frame.data))
        finally:
            streaming.cancel()
            await asyncio.gather(streaming, return_exceptions=True)

    async def answer(self, said: Json) -> None:
        """To a token, and to the two operations."""
        if "token" in said:
            await self.tell([{"type": "authenticated", "user_id": "u1", "expires_at": "2030-01-01T00:00:00Z"}])
        elif said["op"] == "subscribe":
            await self.tell([self.whole(channel) for channel in said["channels"]])
        else:
            for channel in said["channels"]:
                self.seqs.pop(channel, None)

    async def tell(self, messages: list[Json]) -> None:
        """One frame."""
        await self.socket.send_str(encode(messages).decode())


def portfolio() -> Json:
    """Money, and nothing else."""
    return {"cash": [{"currency": "USD", "total": "100000", "reserved": "0", "free": "100000"}], "positions": []}


def page(document: Any) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A route that always answers the same."""
    body = encode(document)

    async def handler(_: web.Request) -> web.Response:
        return web.Response(body=body, content_type="application/json")

    return handler


async def connected(request: web.Request) -> web.WebSocketResponse:
    """A client, to its end."""
    socket = web.WebSocketResponse()
    await socket.prepare(request)
    await Client(Market(), socket).run()
    return socket


def application() -> web.Application:
    """Every route that a desk asks; a list of nothing for all others."""
    app, market = web.Application(), Market()
    pages = {
        "/me": {"id": "u1", **PROFILE},
        "/instruments": {"items": [instrument(symbol) for symbol in SYMBOLS]},
        "/me/watchlist": {"symbols": SYMBOLS},
        "/portfolio": portfolio(),
    }
    app.add_routes([web.get(PREFIX + path, page(document)) for path, document in pages.items()])
    app.add_routes([web.post(f"{PREFIX}/auth/login", page(TOKENS)), web.get(f"{PREFIX}/ws", connected)])
    app.add_routes([web.get(PREFIX + "/candles/{symbol}", page(market.bars(SYMBOLS[0])))])
    app.add_routes([web.route("*", "/{rest:.*}", page({"items": [], "next": None, "unread": 0}))])
    return app


async def main() -> None:
    """Serve on loopback, on any free port."""
    runner = web.AppRunner(application(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"http://127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await runner.cleanup()


if __name__ == "__main__":
    asyncio.run(main())
