"""The connection to the provider: a WebSocket, a snapshot where something is missing, REST while there is none."""

import asyncio
import random
from collections.abc import Sequence

import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

from services.contracts.market import MarketMessage
from services.kernel.lost import is_lost
from services.kernel.service import Service
from services.market_data.gateway.feed import Feed
from services.market_data.gateway.provider import Provider

DECODER = msgspec.json.Decoder(list[MarketMessage])


class Stream:
    """``run`` is a loop for life; whatever the provider does, it only makes the stream begin again."""

    def __init__(self, service: Service, provider: Provider, feed: Feed) -> None:
        self._log = service.log
        self._settings = service.settings.market_data
        self._timeout = service.settings.peers.timeout
        self._url = service.resources.urls["provider.http"].replace("http", "ws", 1) + "/ws"
        self._key = service.resources.options["provider_key"]
        self._provider = provider
        self._feed = feed
        self._pause = self._settings.reconnect_after

    async def run(self) -> None:
        """Follow the stream; poll by REST after a second failure in a row, until it is back."""
        while True:
            try:
                await self._follow()
            except Exception as error:
                if not (is_lost(error) or isinstance(error, WebSocketException | msgspec.MsgspecError)):
                    raise
                self._log.warning("provider lost", error=str(error), retry_in=self._pause)
            self._feed.lose()
            await self._wait(polling=self._pause > self._settings.reconnect_after)
            self._pause = min(2 * self._pause, self._settings.reconnect_at_most)

    async def _follow(self) -> None:
        async with connect(
            self._url,
            additional_headers={"x-api-key": self._key},
            compression=None,
            max_size=None,
            open_timeout=self._timeout,
        ) as socket:
            self._feed.connected = True
            self._feed.connects.inc()
            await self._subscribe(socket, sorted(self._feed.symbols))
            while True:
                # The provider sends heartbeats: a connection without any word is none.
                async with asyncio.timeout(self._settings.stale_after):
                    frame = await socket.recv()
                missing = await self._feed.take(DECODER.decode(frame))
                self._pause = self._settings.reconnect_after
                if missing:
                    await self._subscribe(socket, missing)

    async def _subscribe(self, socket: ClientConnection, symbols: Sequence[str]) -> None:
        await socket.send(msgspec.json.encode({"op": "subscribe", "symbols": symbols}))

    async def _wait(self, *, polling: bool) -> None:
        """Until the next attempt: with jitter, so that not all come back at once."""
        loop = asyncio.get_running_loop()
        until = loop.time() + random.uniform(self._pause / 2, self._pause)
        while (left := until - loop.time()) > 0:
            if polling:
                await self._poll()
            await asyncio.sleep(min(left, self._settings.poll_every))

    async def _poll(self) -> None:
        """One round by REST."""
        try:
            for name in self._feed.symbols:
                await self._feed.take([await self._provider.snapshot(name)])
        except Exception as error:
            if not (is_lost(error) or isinstance(error, msgspec.MsgspecError)):
                raise
            self._log.warning("provider silent", error=str(error))
