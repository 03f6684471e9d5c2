"""Follows the provider: one WebSocket, a snapshot where something is missing, REST while there is no stream."""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from services.contracts.market import BookSnapshot, MarketMessage, StatusChange
from services.kernel.peers import PeerUnavailable
from services.kernel.service import Service
from services.market_data import handlers
from services.market_data.domain.symbol import GapError, Symbol
from services.market_data.gateway.outlet import Outlet
from services.market_data.gateway.provider import Provider

DECODER = msgspec.json.Decoder(list[MarketMessage])
PAGE = 5_000
KEEP_EVERY = 1.0
"""Seconds between two transactions that store closed bars and progress."""


class Feed:
    """The gateway's loops: ``run`` follows the stream, ``keep`` stores."""

    def __init__(self, service: Service, provider: Provider, symbols: Mapping[str, Symbol]) -> None:
        self._service = service
        self._settings = service.settings.market_data
        self._provider = provider
        self._outlet = Outlet(service.cache)
        self._url = service.resources.urls["provider.http"].replace("http", "ws", 1) + "/ws"
        self._key = service.resources.options["provider_key"]
        self.symbols = symbols
        self.gaps = service.metrics.counter("market_data_gaps", "Holes in the provider's stream", ("symbol",))
        self.heard = 0.0
        """When the provider last said anything (monotonic seconds)."""

    @property
    def stale(self) -> bool:
        """Whether the provider is silent."""
        return time.monotonic() - self.heard > self._settings.stale_after

    async def check(self) -> str | None:
        """For /ready: what is missing."""
        waiting = [name for name, symbol in self.symbols.items() if not symbol.synchronised]
        if waiting:
            return f"no book of {', '.join(sorted(waiting))} yet"
        return "the provider is silent" if self.stale else None

    async def run(self) -> None:
        """Follow the stream for life; poll by REST after a second failure, until it is back."""
        pause = self._settings.reconnect_after
        while True:
            try:
                async with connect(
                    self._url,
                    additional_headers={"x-api-key": self._key},
                    compression=None,
                    max_size=None,
                    open_timeout=self._service.settings.peers.timeout,
                ) as socket:
                    pause = self._settings.reconnect_after
                    await self._follow(socket)
            except (OSError, WebSocketException, TimeoutError) as error:
                self._service.log.warning("provider_lost", error=str(error), retry_in=pause)
            for symbol in self.symbols.values():
                symbol.synchronised = False
            if pause > self._settings.reconnect_after:
                await self._poll()
            await asyncio.sleep(random.uniform(pause / 2, pause))
            pause = min(2 * pause, self._settings.reconnect_at_most)

    async def keep(self) -> None:
        """Store what changed, once a second of wall time."""
        while True:
            await asyncio.sleep(KEEP_EVERY)
            await self.store()

    async def store(self) -> None:
        """Store what changed since the last time."""
        if any(symbol.dirty for symbol in self.symbols.values()):
            await self._service.database.transact(handlers.keep, list(self.symbols.values()))

    async def _follow(self, socket: ClientConnection) -> None:
        await self._subscribe(socket, sorted(self.symbols))
        async for frame in socket:
            self.heard = time.monotonic()
            missing = await self.take(DECODER.decode(frame))
            if missing:
                await self._subscribe(socket, missing)

    async def _subscribe(self, socket: ClientConnection, symbols: Sequence[str]) -> None:
        await socket.send(msgspec.json.encode({"op": "subscribe", "symbols": symbols}))

    async def take(self, messages: Sequence[MarketMessage]) -> list[str]:
        """Follow a batch of messages and pass it on; the symbols that need a snapshot."""
        missing: dict[str, None] = {}
        for message in messages:
            symbol = self.symbols.get(message.symbol)
            if symbol is None:
                continue
            before = (symbol.status, symbol.reference)
            if isinstance(message, BookSnapshot):
                await self._catch_up(symbol, message)
            try:
                symbol.apply(message)
            except GapError:
                if symbol.seq and message.symbol not in missing:
                    self.gaps.labels(message.symbol).inc()
                    missing[message.symbol] = None
                continue
            self._outlet.add(message, symbol)
            if before != (symbol.status, symbol.reference):
                await self._tell(symbol, before, message)
        await self._outlet.flush(stale=False)
        return list(missing)

    async def _catch_up(self, symbol: Symbol, snapshot: BookSnapshot) -> None:
        """Fetch the trades between the last one counted and the snapshot."""
        while symbol.trade_id < snapshot.last_trade_id:
            missed = await self._provider.trades(symbol.instrument.symbol, symbol.trade_id, PAGE)
            missed = [trade for trade in missed if trade.trade_id <= snapshot.last_trade_id]
            if not missed:
                return
            for trade in missed:
                symbol.trade(trade)
                self._outlet.add(trade, symbol)

    async def _tell(self, symbol: Symbol, before: tuple[str, int | None], message: MarketMessage) -> None:
        transact = self._service.database.transact
        if isinstance(message, StatusChange) and symbol.status != before[0]:
            await transact(handlers.turn, symbol, symbol.status, message.time)
        if symbol.reference is not None and symbol.reference != before[1]:
            await transact(handlers.set_reference, symbol, symbol.reference, message.time)

    async def _poll(self) -> None:
        """One round by REST."""
        try:
            for name in self.symbols:
                await self.take([await self._provider.snapshot(name)])
                self.heard = time.monotonic()
        except PeerUnavailable as error:
            self._service.log.warning("provider_silent", error=error.detail)
            await self._outlet.tell_stale(self.symbols.values())
