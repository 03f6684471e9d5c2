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
        self.book: dict[str, dict[str, str]] = {"bids": {}, "asks": {}}

    async def watch(self, last_trade: int) -> float:
        """Seconds from letting the feed go until its last trade and its last book are here."""
        begin = 0.0
        async with connect(f"{self.box.door.replace('http', 'ws', 1)}/ws", compression=None, max_size=None) as socket:
            await socket.send(json.dumps({"token": self.token}))
            await socket.send(json.dumps({"op": "subscribe", "channels": [f"trades:{SYMBOL}", f"book:{SYMBOL}"]}))
            async for frame in socket:
                for message in json.loads(frame):
                    self.take(message)
                if not begin and self.book["bids"] and self.trades:
                    begin = time.perf_counter()
                    await asyncio.to_thread(self.box.set_clock, mode="driven")
                if self.trades and self.trades[-1] >= last_trade and await asyncio.to_thread(self.ended):
                    return time.perf_counter() - begin
        raise RuntimeError("the stream ended before the feed")

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

    def ended(self) -> bool:
        """Whether the book is the one that the provider ends on."""
        url = f"{self.box.endpoints['provider.http']}/snapshot/{SYMBOL}"
        last = asked(httpx.get(url, headers={"x-api-key": self.box.keys["provider_key"]}))
        whole = {side: {as_text(price, 2): as_text(size, 5) for price, size in last[side]} for side in self.book}
        return whole == self.book


def as_text(amount: int, scale: int) -> str:
    """As the API writes it."""
    return f"{amount // 10**scale}.{amount % 10**scale:0{scale}d}"


def once(feed: Path) -> float:
    """One sandbox, one run of the feed; RuntimeError when a trade is missing or came twice."""
    with sandbox("--feed", str(feed), "--at-end", "halt") as box:
        box.set_clock(mode="paused")
        viewer = Viewer(box, trader(box, {}).token)
        taken = asyncio.run(asyncio.wait_for(viewer.watch(trades_in(feed)), 120))
        if viewer.trades != list(range(viewer.trades[0], viewer.trades[-1] + 1)):
            raise RuntimeError("the client did not get every trade once")
        return taken


def measure(feed: Path) -> list[Figure]:
    """Interleaved pairs, a sandbox each."""
    ratios = [parsing(feed) / once(feed) for _ in range(PAIRS)]
    return [figure("json.loads of the recording ÷ the recording at full speed to a client", ratios, 0.12, "high")]
