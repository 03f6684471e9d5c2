"""The recorded feed at full speed to a WebSocket client, against parsing the file alone."""

import asyncio
import gzip
import json
import time
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import connect

from tests.bench.figures import PAIRS, Figure, figure
from tests.bench.sandbox import Sandbox, sandbox
from tests.bench.traders import asked, trader

SYMBOL = "BTCUSDT"
PATIENCE = 120.0
"""Seconds for one run."""
Book = dict[str, dict[str, str]]


def parsing(feed: Path) -> float:
    """Seconds that json.loads takes for every line."""
    with gzip.open(feed) as file:
        lines = [line.split(b" ", 1)[1] for line in file]
    begin = time.perf_counter()
    for line in lines:
        json.loads(line)
    return time.perf_counter() - begin


def trades_in(feed: Path) -> int:
    """Trades that the recording has."""
    with gzip.open(feed) as file:
        return sum(b'"e":"trade"' in line for line in file)


class Viewer:
    """A client that keeps the book and every trade."""

    def __init__(self, box: Sandbox, token: str) -> None:
        self.box = box
        self.token = token
        self.trades: list[int] = []
        self.book: Book = {"bids": {}, "asks": {}}

    async def watch(self, last_trade: int) -> float:
        """Seconds from letting the feed go until its last trade and its last book are here."""
        url = f"{self.box.door.replace('http', 'ws', 1)}/ws"
        async with httpx.AsyncClient() as client, connect(url, compression=None, max_size=None) as socket:
            await socket.send(json.dumps({"token": self.token}))
            await socket.send(json.dumps({"op": "subscribe", "channels": [f"trades:{SYMBOL}", f"book:{SYMBOL}"]}))
            while not (self.book["bids"] and self.trades):
                self.follow(await socket.recv())
            begin = time.perf_counter()
            going = asyncio.create_task(self.go(client))
            while self.trades[-1] < last_trade:
                self.follow(await socket.recv())
            last = await self.last_book(client)
            while self.book != last:
                self.follow(await socket.recv())
            taken = time.perf_counter() - begin
            await going
            return taken

    async def go(self, client: httpx.AsyncClient) -> None:
        """Let the feed drive the clock, as fast as everybody follows."""
        url = f"{self.box.endpoints['clock.http']}/clock"
        asked(await client.put(url, json={"mode": "driven"}, headers=self.box.internal))

    def follow(self, frame: str | bytes) -> None:
        """Take a frame's messages."""
        for message in json.loads(frame):
            self.take(message)

    def take(self, message: dict[str, Any]) -> None:
        """Follow the trades and the book."""
        data: Any = message.get("data")
        if message.get("channel") == f"trades:{SYMBOL}":
            rows = data["items"] if message["type"] == "snapshot" else [data]
            self.trades += [row["id"] for row in rows]
        elif message.get("channel") == f"book:{SYMBOL}":
            for side, levels in self.book.items():
                if message["type"] == "snapshot":
                    levels.clear()
                levels.update(data[side])
                for price in [price for price, size in data[side] if not float(size)]:
                    levels.pop(price, None)

    async def last_book(self, client: httpx.AsyncClient) -> Book:
        """The book that the provider ends on; the market is halted there before its last trade is told."""
        url = f"{self.box.endpoints['provider.http']}/snapshot/{SYMBOL}"
        last = asked(await client.get(url, headers={"x-api-key": self.box.keys["provider_key"]}))
        if last["status"] != "halted":
            raise RuntimeError(f"after the last trade of the feed the market is {last['status']}")
        return {side: {as_text(price, 2): as_text(size, 5) for price, size in last[side]} for side in self.book}


def as_text(amount: int, scale: int) -> str:
    """As the API writes it."""
    return f"{amount // 10**scale}.{amount % 10**scale:0{scale}d}"


def once(feed: Path) -> float:
    """One sandbox, one run of the feed; RuntimeError when a trade is missing or came twice."""
    with sandbox("--feed", str(feed), "--at-end", "halt") as box:
        box.set_clock(mode="paused")
        viewer = Viewer(box, trader(box, {}).token)
        taken = asyncio.run(asyncio.wait_for(viewer.watch(trades_in(feed)), PATIENCE))
        if viewer.trades != list(range(viewer.trades[0], viewer.trades[-1] + 1)):
            raise RuntimeError("the client did not get every trade once")
        return taken


def measure(feed: Path) -> list[Figure]:
    """Interleaved pairs, a sandbox each."""
    ratios = [parsing(feed) / once(feed) for _ in range(PAIRS)]
    return [figure("json.loads of the recording ÷ the recording at full speed to a client", ratios, 0.12, "high")]
