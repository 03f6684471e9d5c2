"""The instruments of the simulated market, read from instruments.toml."""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from services.contracts import money
from services.contracts.instruments import Instrument

TABLE = Path(__file__).with_name("instruments.toml")


class FeedTerms(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which feed plays an instrument; integers in the instrument's scales, 0 where the feed knows by itself."""

    kind: Literal["daily", "agents", "recorded"]
    source: str = ""
    """The name inside the feed's data."""
    price: int = 0
    """Where agents begin."""
    trade: int = 0
    """The median trade."""
    volume: int = 0
    """Traded on a usual day."""


class Listing(msgspec.Struct, frozen=True):
    """An instrument and the feed behind it."""

    instrument: Instrument
    feed: FeedTerms


@cache
def listings(table: Path = TABLE) -> Mapping[str, Listing]:
    """All instruments by symbol, in the order of the table."""
    document = tomllib.loads(table.read_text(encoding="utf-8"))
    defaults = document["defaults"]
    return {
        symbol: _listing(symbol, {**defaults[terms["kind"]], **terms})
        for symbol, terms in document["instruments"].items()
    }


def _listing(symbol: str, terms: dict[str, Any]) -> Listing:
    feed = dict(terms.pop("feed"))
    price, quantity = terms["price_scale"], terms["quantity_scale"]
    terms |= {"tick": money.parse(terms["tick"], price), "lot": money.parse(terms["lot"], quantity)}
    scales = {"price": price, "trade": quantity, "volume": quantity}
    feed |= {name: money.parse(feed[name], scale) for name, scale in scales.items() if name in feed}
    return Listing(
        instrument=msgspec.convert({"symbol": symbol, **terms}, Instrument),
        feed=msgspec.convert(feed, FeedTerms),
    )
