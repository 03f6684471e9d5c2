"""A desk on which everything lies that the six screens show, the same in every run."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from tests.unit.tradectl.desk.wires import CannedWire, desk, order, quote, raw, wire
from tests.unit.tradectl.tui.lively import MESSAGES, PAGES, SIGNALS
from tradectl.desk.desk import Desk

NOW = datetime(2024, 8, 8, 9, 30, tzinfo=UTC)
PRICES = {"AAPL": 212.40, "BTCUSDT": 61_837.63, "IBM": 191.15}


def position(symbol: str, currency: str, quantity: str, cost: str, average: str, realised: str) -> dict[str, Any]:
    """What is held of one instrument."""
    held = {"quantity": quantity, "reserved": "0", "cost": cost, "average_cost": average}
    profits = {"realised": realised, "realised_fifo": realised, "unrealised": None, "day_change": None}
    return {"symbol": symbol, "currency": currency, **held, **profits, "market_value": None}


POSITIONS = [
    position("AAPL", "USD", "25", "5251.20", "210.0480", "120.50"),
    position("BTCUSDT", "USDT", "0.05", "3089.50", "61790.10", "0.00"),
]
CASH = [
    {"currency": "USD", "total": "94628.30", "reserved": "1011.00", "free": "93617.30"},
    {"currency": "USDT", "total": "100000.00", "reserved": "0.00", "free": "100000.00"},
]


def bars(symbol: str) -> list[dict[str, Any]]:
    """Two hundred minutes that walk, from one seed."""
    chance, price, found = Random(symbol), PRICES[symbol], []
    for minute in range(200):
        start, opened = NOW - timedelta(minutes=200 - minute), price
        price *= 1 + chance.gauss(0, 0.0008)
        high, low = max(opened, price) * 1.0003, min(opened, price) * 0.9997
        values = {"open": opened, "high": high, "low": low, "close": price, "volume": chance.randint(20, 900)}
        found.append(
            {
                "start": start.isoformat(),
                "trades": 7,
                "closed": minute < 199,
                **{name: f"{value:.2f}" for name, value in values.items()},
            }
        )
    return found


def book(symbol: str) -> dict[str, Any]:
    """Thirty levels a side."""
    chance, price = Random(symbol), PRICES[symbol]
    sides = {
        side: [[f"{price + sign * step / 100:.2f}", str(chance.randint(10, 900))] for step in range(1, 31)]
        for side, sign in (("bids", -1), ("asks", 1))
    }
    return {"symbol": symbol, "time": NOW.isoformat(), **sides}


def trades(symbol: str) -> list[dict[str, Any]]:
    """Fifty, a second apart."""
    chance, price = Random(symbol), PRICES[symbol]
    return [
        {
            "id": number,
            "price": f"{price + chance.randint(-9, 9) / 100:.2f}",
            "quantity": str(chance.randint(1, 90)),
            "aggressor": chance.choice(("buy", "sell")),
            "time": (NOW - timedelta(seconds=50 - number)).isoformat(),
        }
        for number in range(50)
    ]


def orders() -> list[dict[str, Any]]:
    """One of each kind of end, and two that are open."""
    return [
        order("o1", limit_price="202.20", quantity="5"),
        order("o2", side="sell", limit_price="240.00", status="partially_filled", filled_quantity="3"),
        order("o3", type="market", limit_price=None, status="filled", filled_quantity="10", average_price="212.41"),
        order("o4", symbol="IBM", status="cancelled"),
        order("o5", symbol="IBM", type="stop", limit_price=None, stop_price="180.00", status="expired"),
    ]


def platform() -> CannedWire:
    """Answers to what screens ask when they are shown; what is not here is an empty list."""
    answering = wire()
    listed: dict[str, Any] = {"items": [], "next": None, "unread": 0}
    answering.answers |= {f"GET {path}": listed for path in ("/alerts", "/recommendations", "/notifications")} | PAGES
    answering.answers |= {f"GET /candles/{symbol}": {"items": bars(symbol)} for symbol in PRICES}
    answering.answers |= {
        "GET /orders": {**listed, "items": orders()},
        "GET /portfolio": {"cash": CASH, "positions": POSITIONS},
        "GET /portfolio/statement": {"lines": [], "currency": "USD"},
    }
    return answering


async def full_desk() -> Desk:
    """Open, live, with quotes, books, tapes, candles, orders and a portfolio."""
    made = await desk(platform())
    state = made.state
    for seq, (symbol, price) in enumerate(PRICES.items(), 1):
        prices = {"bid": f"{price - 0.01:.2f}", "ask": f"{price + 0.01:.2f}", "time": NOW.isoformat()}
        prices["previous_close"] = f"{price * (0.97 + 0.015 * seq):.2f}"
        state.apply(f"quotes:{symbol}", whole=True, data=raw(quote(symbol, f"{price:.2f}", seq, **prices)))
        state.apply(f"book:{symbol}", whole=True, data=raw(book(symbol)))
        state.apply(f"trades:{symbol}", whole=True, data=raw({"items": trades(symbol)}))
        state.apply(f"candles:{symbol}:1m", whole=True, data=raw({"items": bars(symbol)}))
    state.watchlist = list(PRICES)
    state.apply("orders", whole=True, data=raw({"items": orders()}))
    state.apply("portfolio", whole=True, data=raw({"cash": CASH, "positions": POSITIONS}))
    state.apply("signals", whole=True, data=raw({"items": SIGNALS, "next": None}))
    state.apply("chat:t1", whole=True, data=raw({"items": MESSAGES[::-1], "next": None}))
    state.link.status = "live"
    return made
