"""What a trader's day leaves behind: a forum, signals and a backtest, a curve, trades, a sandbox with a fault in it."""

import time
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from services.recommendations.domain.record import Record
from services.recommendations.domain.strategies import Name, Sighting
from services.recommendations.domain.words import numbers_of, reason, record_numbers
from tradectl.desk.outside import Broken, Clock, Facts, Feed, FixLine, Part

NOW = datetime(2024, 8, 8, 9, 30, tzinfo=UTC)
TODAY = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ME, BOB, CARLA = "u1", "u2", "u3"
NAMES = {ME: "Ann", BOB: "Bob", CARLA: "Карла"}


def ago(minutes: int, now: datetime = TODAY) -> str:
    """A time before."""
    return (now - timedelta(minutes=minutes)).isoformat()


def topic(topic_id: str, title: str, messages: int, **values: Any) -> dict[str, Any]:
    """One that nobody follows."""
    terms = {"pinned": False, "locked": False, "following": False, "unread": None, "author_id": BOB}
    times = {"created_at": ago(900), "active_at": ago(messages)}
    return {"id": topic_id, "title": title, "messages": messages, **terms, **times, **values}


TOPICS = [
    topic("t1", "Apple before the earnings", 6, pinned=True, following=True, unread=2),
    topic("t2", "Rules of the house", 1, locked=True),
    topic("t3", "Биткоин: что дальше?", 41, following=True, unread=0),
    topic("t4", "Strategies that held on the recorded week", 17),
    topic("t5", "Облигации и рубль", 9),
]


def message(number: int, author: str, text: str, **values: Any) -> dict[str, Any]:
    """Of the first topic."""
    whole: dict[str, Any] = {
        "reply_to": None,
        "mentions": [],
        "symbols": [],
        "reactions": {},
        "edited_at": None,
        "removed": None,
    }
    who = {"id": f"m{number}", "topic_id": "t1", "author_id": author, "author": NAMES[author], "text": text}
    return {**who, **whole, "posted_at": ago(60 - 7 * number), "my_reactions": [], **values}


MESSAGES = [
    message(1, BOB, "$AAPL has held 210 all morning.", reactions={"bullish": 4, "like": 1}),
    message(2, ME, "The book is thin above 213.", edited_at=ago(38)),
    message(3, BOB, "", removed={"at": ago(30), "by": "author", "reason": None}),
    message(4, CARLA, "@Ann, где видна очередь?", mentions=[ME]),
    message(5, BOB, "Press x on the filled order.", reply_to="m4", reactions={"like": 3}, my_reactions=["like"]),
]
"""As many as the smallest terminal shows without scrolling, whose bar stands elsewhere in each run."""


def sighting(name: Name, symbol: str, side: Any, minutes: int, record: Record, **numbers: float) -> dict[str, Any]:
    """A signal in the platform's own words."""
    seen = Sighting(side, 60, numbers)
    return {
        "id": f"{symbol}-{name}", "symbol": symbol, "strategy": name, "side": side, "strength": 40 + minutes % 50,
        "horizon": "1h", "reason": reason(name, seen, record), "numbers": numbers_of(seen),
        "record": dict(record_numbers(record)), "bar_start": ago(minutes, NOW), "historical": minutes > 200,
    }  # fmt: skip


SIGNALS = [
    sighting("sma_cross", "AAPL", "buy", 5, Record(18, 11), fast=211.84, slow=211.62),
    sighting("rsi", "BTCUSDT", "sell", 25, Record(9, 5), before=66.2, rsi=71.4),
    sighting("bollinger", "IBM", "buy", 40, Record(12, 8), close=190.71, lower=190.88),
    sighting("macd", "AAPL", "buy", 75, Record(21, 12), macd=0.14, signal=0.11),
    sighting("ema_cross", "IBM", "sell", 130, Record(15, 6), fast=191.02, slow=191.09),
    sighting("macd", "BTCUSDT", "sell", 240, Record(30, 17), macd=-21.6, signal=-18.9),
]


def curve(capital: float, points: int, every: timedelta, seed: str) -> list[dict[str, Any]]:
    """Equity that walks upwards."""
    chance, equity, found = Random(seed), capital, []
    for number in range(points):
        equity += chance.gauss(capital / 9_000, capital / 1_800)
        found.append({"time": (NOW - (points - number) * every).isoformat(), "equity": f"{equity:.2f}"})
    return found


def leg(minutes: int, price: str) -> dict[str, Any]:
    """A side of a trip."""
    return {"time": ago(minutes, NOW), "price": price, "cost": "100.00", "fee": "0.10"}


TRIPS = [
    {"quantity": "470", "bought": leg(900, "209.10"), "sold": leg(600, "211.30"), "profit": "1034.00"},
    {"quantity": "468", "bought": leg(500, "211.90"), "sold": leg(300, "211.15"), "profit": "-351.00"},
    {"quantity": "471", "bought": leg(200, "210.80"), "sold": None, "profit": None},
]
BACKTEST = {
    "symbol": "AAPL", "strategy": "sma_cross", "interval": "5m", "bars": 812, "signals": 5, "currency": "USD",
    "capital": "100000.00", "equity": "101437.20", "profit_percent": "1.44", "hold_percent": "0.91",
    "drawdown_percent": "0.62", "hit_rate_percent": "50.00", "trades": TRIPS,
    "curve": curve(100_000, 160, timedelta(minutes=60), "backtest"),
}  # fmt: skip
PERFORMANCE = [
    {
        "currency": currency,
        "equity": "100000.00",
        "return_percent": gain,
        "drawdown_percent": "0.38",
        "curve": curve(100_000, 140, timedelta(minutes=1), currency),
    }
    for currency, gain in (("USD", "0.24"), ("USDT", "-0.11"))
]


def booked(number: int, symbol: str, side: str, quantity: str, price: str, **values: Any) -> dict[str, Any]:
    """A trade in the books."""
    cost = f"{float(quantity) * float(price):.2f}"
    money = {"cost": cost, "fee": f"{float(cost) / 1_000:.2f}", "currency": "USD", "realised": "0.00"}
    what = {"symbol": symbol, "side": side, "quantity": quantity, "price": price, "liquidity": "taker"}
    return {"fill_id": f"f{number}", "order_id": "o3", **what, **money, "time": ago(9 * number, NOW), **values}


TRADES = [
    booked(1, "AAPL", "sell", "3", "212.60", realised="7.66", liquidity="maker"),
    booked(2, "AAPL", "buy", "10", "212.41"),
    booked(3, "BTCUSDT", "buy", "0.05", "61790.10", currency="USDT"),
    booked(4, "AAPL", "buy", "18", "209.90"),
    booked(5, "IBM", "sell", "12", "191.55", realised="120.50"),
    booked(6, "IBM", "buy", "12", "181.51"),
]
PAGES = {
    "GET /chat/topics": {"items": TOPICS, "next": None},
    "POST /chat/topics/t1/read": {"topics": 0, "messages": 0},
    "POST /analytics/backtest": BACKTEST,
    "GET /portfolio/performance": {"items": PERFORMANCE},
    "GET /portfolio/trades": {"items": TRADES, "next": None},
}
PARTS = (
    ("auth", "ready", 3, ""), ("bff", "ready", 2, ""), ("broker", "ready", 2, ""), ("chat", "ready", 3, ""),
    ("clock", "ready", 1, ""), ("mail", "ready", 1, ""), ("market_data", "ready", 4, ""),
    ("notifications", "degraded", 9, "mail: refused since 12 s"), ("orders", "ready", 3, ""),
    ("portfolio", "ready", 3, ""), ("provider", "ready", 2, ""), ("push", "down", 0, ""),
    ("recommendations", "ready", 5, ""), ("venue", "ready", 2, ""),
)  # fmt: skip
FIX = (
    "35=D|55=AAPL|54=1|38=10|44=212.40", "35=8|55=AAPL|54=1|38=10|44=212.40|39=0",
    "35=8|55=AAPL|54=1|38=10|44=212.40|39=2", "35=0|", "35=D|55=IBM|54=2|38=12|44=191.55",
    "35=8|55=IBM|54=2|38=12|44=191.55|39=0", "35=G|55=IBM|54=2|38=12|44=191.60",
    "35=8|55=IBM|54=2|38=12|44=191.60|39=5", "35=8|55=IBM|54=2|38=12|44=191.60|39=1", "35=F|55=AAPL|54=1|38=5",
    "35=8|55=AAPL|54=1|38=5|39=4",
)  # fmt: skip


def facts() -> Facts:
    """A sandbox whose mail is refused for half a minute more, and whose push endpoint is gone."""
    lags = {"AAPL": 4_000, "BTCUSDT": 1_420_000, "IBM": 3_000, "SBER": 2_000}
    kinds = {"BTCUSDT": "recording", "SBER": "agents"}
    broken = Broken("f1", "mail.refuse", {"rate": 0.5}, int((time.time() + 30.3) * 1_000_000), "mail")
    return Facts(
        Clock(NOW, 10, "running"),
        [Feed(symbol, kinds.get(symbol, "daily_bars"), NOW, lag) for symbol, lag in lags.items()],
        [Part(name, status, ms, missing) for name, status, ms, missing in PARTS],
        [FixLine("ORDERS-BROKER", 411 + n, f"8=FIX.4.4|{text}") for n, text in enumerate(FIX)],
        [broken],
    )
