"""What the platform keeps of a trader's doings and answers when it is asked: shapes, and the questions."""

from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from tradectl.desk.account import Execution, Fill, Order
from tradectl.desk.client import Client

T = TypeVar("T")
PERIODS = ("day", "week", "month", "year")
STRATEGIES = ("sma_cross", "ema_cross", "rsi", "macd", "bollinger")


class Page(Struct, frozen=True):
    """A list's page, not decoded yet."""

    items: msgspec.Raw


class Happened(Struct, frozen=True):
    """A line of an order's history: placed, accepted, fill, cancel_requested …"""

    event: str
    status: str
    filled_quantity: Decimal
    reason: str | None
    time: datetime


class Life(Order, frozen=True, kw_only=True):
    """An order with all that became of it; ``reserved`` is money of a buy, shares of a sell."""

    reserved: Decimal
    history: list[Happened]
    fills: list[Fill]


class Explained(Fill, frozen=True, kw_only=True):
    """A fill and what the venue has of it: better prices used up before (a taker), what stood before it (a maker)."""

    level: int | None
    queue_ahead: Decimal | None
    counterparty: str
    why: str


class Explanation(Struct, frozen=True):
    """Why each fill of an order came about at its price."""

    id: str
    fills: list[Explained]


class Booked(Execution, frozen=True, kw_only=True):
    """A fill as the books have it; ``realised`` is the profit of a sale."""

    fill_id: str
    realised: Decimal


class Entry(Struct, frozen=True):
    """A line of the statement: what a movement added or took, and what there was after it."""

    time: datetime
    kind: str
    asset: str
    change: Decimal
    balance: Decimal


class Statement(Struct, frozen=True):
    """Oldest first."""

    lines: list[Entry]


class CurvePoint(Struct, frozen=True):
    """All that there was at a time."""

    time: datetime
    equity: Decimal


class Performance(Struct, frozen=True):
    """Of one currency; the return is time-weighted, per cents are signed."""

    currency: str
    equity: Decimal
    return_percent: Decimal
    drawdown_percent: Decimal
    curve: list[CurvePoint]


class Leg(Struct, frozen=True):
    """One side of a trip."""

    time: datetime
    price: Decimal


class Trip(Struct, frozen=True):
    """A purchase and its sale; both None where it was not sold yet."""

    quantity: Decimal
    bought: Leg
    sold: Leg | None
    profit: Decimal | None


class Backtest(Struct, frozen=True):
    """What a strategy would have earned."""

    symbol: str
    strategy: str
    bars: int
    signals: int
    currency: str
    capital: Decimal
    equity: Decimal
    profit_percent: Decimal
    hold_percent: Decimal
    drawdown_percent: Decimal
    hit_rate_percent: Decimal | None
    trades: list[Trip]
    curve: list[CurvePoint]


class Advice(Struct, frozen=True):
    """Something that the trader may want to look at; ``text`` by language."""

    kind: str
    weight: int
    symbol: str | None
    side: str | None
    text: dict[str, str]


async def orders(client: Client, most: int = 100) -> list[Order]:
    """The latest, whatever became of them, newest first."""
    return await _items(client, "/orders", Order, limit=str(most))


async def life(client: Client, order_id: str) -> Life:
    """One order with its history and fills."""
    return await client.get(f"/orders/{order_id}", Life)


async def explanation(client: Client, order_id: str) -> Explanation:
    """Why its fills are what they are."""
    return await client.get(f"/orders/{order_id}/explain", Explanation)


async def booked(client: Client, most: int = 100) -> list[Booked]:
    """The latest trades, newest first."""
    return await _items(client, "/portfolio/trades", Booked, limit=str(most))


async def statement(client: Client) -> list[Entry]:
    """The last 30 days, newest first."""
    return (await client.get("/portfolio/statement", Statement)).lines[::-1]


async def performance(client: Client, period: str) -> list[Performance]:
    """A currency each that there was anything of."""
    return await _items(client, "/portfolio/performance", Performance, period=period)


async def advice(client: Client) -> list[Advice]:
    """The weightiest first."""
    return await _items(client, "/recommendations", Advice)


async def backtest(client: Client, symbol: str, strategy: str, start: datetime, end: datetime) -> Backtest:
    """Try a strategy on the bars of five minutes that start in [start, end) of market time."""
    body = {"symbol": symbol, "strategy": strategy, "from": _rfc3339(start), "to": _rfc3339(end)}
    return msgspec.json.decode(await client.ask("POST", "/analytics/backtest", body=body), type=Backtest)


def _rfc3339(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S}Z"


async def _items(client: Client, path: str, kind: type[T], **query: str) -> list[T]:
    page = await client.get(path, Page, **query)
    found: Any = msgspec.json.decode(page.items, type=list[kind])  # type: ignore[valid-type]
    return found  # type: ignore[no-any-return]
