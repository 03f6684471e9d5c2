"""A recording's final book the naive way, for comparison: dictionaries, decimals, no venue."""

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

Side = dict[Decimal, Decimal]


class NaiveBook:
    """Snapshot, deltas after it, and at the end the ticker where it is newer."""

    def __init__(self) -> None:
        self.sides: dict[str, Side] = {"b": {}, "a": {}}
        self.update = 0
        self.early: list[dict[str, Any]] = []
        self.ticker: dict[str, Any] | None = None
        self.trades: list[tuple[Decimal, Decimal]] = []

    def take(self, message: dict[str, Any]) -> None:
        if "lastUpdateId" in message:
            self.sides = {"b": pairs(message["bids"]), "a": pairs(message["asks"])}
            self.update = message["lastUpdateId"]
            for delta in self.early:
                self.delta(delta)
        elif message.get("e") == "depthUpdate":
            self.early.append(message)
            self.delta(message)
        elif message.get("e") == "trade":
            self.trades.append((Decimal(message["p"]), Decimal(message["q"])))
        else:
            self.ticker = message

    def delta(self, message: dict[str, Any]) -> None:
        if message["u"] > self.update:
            self.update = message["u"]
            for name, side in self.sides.items():
                side.update(pairs(message[name]))

    def top(self, ticker: dict[str, Any]) -> None:
        bid, ask = Decimal(ticker["b"]), Decimal(ticker["a"])
        bids = {price: size for price, size in self.sides["b"].items() if price < bid}
        asks = {price: size for price, size in self.sides["a"].items() if price > ask}
        self.sides = {"b": {**bids, bid: Decimal(ticker["B"])}, "a": {**asks, ask: Decimal(ticker["A"])}}


def pairs(levels: list[list[str]]) -> Side:
    return {Decimal(price): Decimal(size) for price, size in levels}


def naive(path: Path) -> NaiveBook:
    book = NaiveBook()
    with gzip.open(path, "rt") as file:
        for line in file:
            message = json.loads(line.partition(" ")[2])
            book.take(message.get("data", message))
    if book.ticker is not None and book.ticker["u"] > book.update:
        book.top(book.ticker)
    return book
