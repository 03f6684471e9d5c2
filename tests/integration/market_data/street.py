"""A market that does what the test says, the real provider before it, and market data behind that."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Literal

from msgspec.structs import replace

from services.contracts.clock import DAY, HOUR, MINUTE, SECOND, ClockState
from services.contracts.instruments import Instrument, Status
from services.contracts.market import Bar, BookDelta, BookSnapshot, MarketMessage, StatusChange, Trade
from services.runtime import local
from services.runtime.clock import MarketClock
from services.runtime.resources import Running
from services.runtime.serve import Server, bind, serve
from sim.provider import api
from sim.provider.hub import Hub
from sim.provider.market import Drained, Listener
from tests.eventually import eventually
from tests.integration.bff.stack import Stack
from tests.integration.neighbours import settled
from tests.integration.people import offer_auth
from tests.integration.sim.provider.scripted import listed

KEY = "the-key"
START = 1_723_101_000 * SECOND
"""2024-08-08 07:10 UTC: when this market begins to trade."""
TODAY = START - START % DAY


class Tape:
    """One symbol: its trades, its book of one level a side, its numbers."""

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.seq = 0
        self.time = START
        self.bid = (9_990, 10)
        self.trades: list[Trade] = []
        self.status: Status = "open"

    def numbers(self) -> dict[str, int]:
        self.seq += 1
        return {"seq": self.seq, "prev_seq": self.seq - 1, "time": self.time}

    def snapshot(self) -> BookSnapshot:
        return BookSnapshot(
            symbol=self.symbol,
            seq=self.seq,
            time=self.time,
            bids=[self.bid],
            asks=[(10_010, 7)],
            last_trade_id=len(self.trades),
            last=self.trades[-1].price if self.trades else None,
            status=self.status,
        )


class Street:
    """The venue's Exchange, as the provider sees it; ``say`` publishes."""

    def __init__(self, *symbols: str) -> None:
        self.tapes = {symbol: Tape(symbol) for symbol in symbols}
        self.listed = {symbol: listed(symbol) for symbol in symbols}
        self.references = dict.fromkeys(symbols, 9_900)
        self.broken: set[str] = set()
        """Pages that answer 500 for now: a symbol's older bars, or ``trades``."""
        self._listener: Listener | None = None

    # What the test says

    def say(self, message: MarketMessage) -> None:
        assert self._listener is not None
        self._listener([message])

    def traded(self, symbol: str, price: int, quantity: int = 1, *, after: int = 0, heard: bool = True) -> Trade:
        """A trade so many microseconds later; one that is not heard is on the tape only."""
        tape = self.tapes[symbol]
        tape.time += after
        aggressor: Literal["buy", "sell"] = "buy"
        trade = Trade(
            symbol=symbol,
            **tape.numbers(),
            trade_id=len(tape.trades) + 1,
            price=price,
            quantity=quantity,
            aggressor=aggressor,
        )
        tape.trades.append(trade)
        if heard:
            self.say(trade)
        return trade

    def bid(self, symbol: str, price: int, *, after: int = 0, heard: bool = True) -> None:
        """The best bid moves."""
        tape = self.tapes[symbol]
        tape.time += after
        before, tape.bid = tape.bid, (price, 10)
        delta = BookDelta(symbol=symbol, **tape.numbers(), bids=[(before[0], 0), tape.bid], asks=[])
        if heard:
            self.say(delta)

    def turned(self, symbol: str, status: Status, *, heard: bool = True) -> None:
        """The session opens, closes or is halted."""
        tape = self.tapes[symbol]
        tape.status = status
        change = StatusChange(symbol=symbol, **tape.numbers(), status=status)
        if heard:
            self.say(change)

    # What the provider asks

    @property
    def instruments(self) -> Mapping[str, Instrument]:
        return {name: replace(each, status=self.tapes[name].status) for name, each in self.listed.items()}

    def on_market(self, listener: Listener, drained: Drained | None = None) -> None:
        self._listener = listener

    def snapshot(self, symbol: str) -> BookSnapshot:
        return self.tapes[symbol].snapshot()

    def reference(self, symbol: str) -> int:
        return self.references[symbol]

    def trades_after(self, symbol: str, trade_id: int, limit: int = 1000) -> Sequence[Trade]:
        if "trades" in self.broken:
            raise RuntimeError("the tape is torn")
        page = self.tapes[symbol].trades[trade_id : trade_id + limit]
        return [replace(trade, seq=0, prev_seq=0) for trade in page]

    def bars(self, symbol: str, start: int, end: int) -> Sequence[Bar]:
        """Ten minutes after each full hour; the price is the hour's number."""
        if symbol in self.broken and end <= TODAY:
            raise RuntimeError("no such bars")
        starts = range(-(-start // MINUTE) * MINUTE, min(end, START), MINUTE)
        return [history_bar(symbol, at) for at in starts if at % HOUR < 10 * MINUTE]


def history_bar(symbol: str, start: int) -> Bar:
    price = 9_000 + start // HOUR % 24
    return Bar(
        symbol=symbol,
        interval="1m",
        start=start,
        open=price,
        high=price + 1,
        low=price - 1,
        close=price,
        volume=3,
        trades=1,
    )


class Desk:
    """The provider, which can be lost, and market data."""

    def __init__(self, folder: Path, street: Street, options: Mapping[str, str]) -> None:
        self.street = street
        self.stack = Stack(folder, ("auth",), {"provider_key": KEY, "market_data.reconnect_after": "0.02", **options})
        self.clock = MarketClock(ClockState(market=START, anchor=0, mode="paused"))
        self.stack.urls["clock"] = "memory://clock"
        self.port = 0
        self._provider: Server | None = None

    async def open_provider(self, heartbeat: float = 5.0, *, stream: bool = True) -> None:
        """At the port where it was before; without the stream it has its pages only."""
        hub = Hub()
        self.street.on_market(hub.publish, hub.room)
        app = api.application(self.street, hub, KEY, heartbeat)
        if not stream:
            app.router.routes = [route for route in app.router.routes if getattr(route, "path", "") != "/ws"]
        self._provider = await serve(app, bind(self.port))
        self.port = self._provider.port
        self.stack.urls["provider.http"] = f"http://127.0.0.1:{self.port}"

    async def lose_provider(self) -> None:
        assert self._provider is not None
        await self._provider.stop()
        self._provider = None

    @asynccontextmanager
    async def service(self, *lacks: str) -> AsyncIterator[Running]:
        """Market data, once it has every book and all but what it lacks, and has told what it found."""
        local.offer("memory://clock", self.clock)
        offer_auth()
        async with self.stack.part("market_data") as running:

            async def follows() -> bool:
                return set(await running.ready()) == set(lacks)

            await eventually(follows)
            await settled(running)
            yield running

    async def close(self) -> None:
        if self._provider is not None:
            await self.lose_provider()
        await self.stack.cache.close()
        await self.stack.broker.close()
        local.clear()


async def ready(running: Running) -> bool:
    return not await running.ready()


@asynccontextmanager
async def desk(folder: Path, *symbols: str, options: Mapping[str, str] | None = None) -> AsyncIterator[Desk]:
    """A provider that is up, and a desk whose service is started by the test."""
    made = Desk(folder, Street(*symbols), options or {})
    async with AsyncExitStack() as stack:
        stack.push_async_callback(made.close)
        await made.open_provider()
        yield made


def shape(bar: Mapping[str, Any]) -> tuple[Any, ...]:
    """A stored candle without what names it."""
    return tuple(bar[name] for name in ("start", "open", "high", "low", "close", "volume", "trades"))
