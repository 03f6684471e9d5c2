"""The steps, in the order of a first day."""

import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any

from tradectl.smoke import books
from tradectl.smoke.steps import Journal, Listener, Step, expect
from tradectl.telemetry.acts import UNTOLD, Acts
from tradectl.trader.client import Client
from tradectl.trader.failures import Failed, Late
from tradectl.trader.mailbox import code_of
from tradectl.trader.stream import Message, Stream, of
from tradectl.trader.trader import Trader, patient

DEPOSITS = {"USD": Decimal(100_000), "USDT": Decimal(100_000)}
BOUGHT = {"AAPL": Decimal(20), "BTCUSDT": Decimal("0.02")}
"""Half of each is sold again."""
BELOW_BID = Decimal("0.998")
"""A limit a little under the best bid fills at once and stays inside the band."""
LONG_AGO = "2000-01-01T00:00:00Z"
"""Before any market's start."""
FINAL = {"filled", "cancelled", "rejected", "expired"}


@dataclass
class Day:
    """The trader, and what happened."""

    trader: Trader
    journal: Journal
    orders: list[dict[str, Any]] = field(default_factory=list)
    fills: list[dict[str, Any]] = field(default_factory=list)

    @property
    def client(self) -> Client:
        return self.trader.client


@dataclass(frozen=True)
class Report:
    """``ok`` only when every step held, the audit among them."""

    ok: bool
    seconds: float
    steps: list[Step]
    orders: list[dict[str, Any]]
    fills: list[dict[str, Any]]


def smoke(door: str, mail: str, audit: Callable[[], int] | None, listen: Listener, acts: Acts = UNTOLD) -> Report:
    """Trade once; ``audit`` returns the number of differences, None where nobody can see the books."""
    began = time.monotonic()
    trader = Trader(Client(door), mail, f"smoke-{secrets.token_hex(5)}@example.com", "Smoke")
    day = Day(trader, Journal(listen, acts))
    with suppress(Failed):  # the journal has it
        enter(day)
        channels = ["orders", "portfolio", "notifications", "signals", *(f"quotes:{symbol}" for symbol in BOUGHT)]
        with day.journal.step("subscribe"):
            stream = Stream(door, day.client.token, channels)
        with stream:
            trade(day, stream)
        settle(day, audit)
    return Report(day.journal.ok, time.monotonic() - began, day.journal.steps, day.orders, day.fills)


def enter(day: Day) -> None:
    """Register, verify by the code in the mail, log in."""
    trader, journal = day.trader, day.journal
    with journal.step("register") as step:
        trader.register()
        step.detail = trader.email
    with journal.step("mail with the code") as step:
        mail = trader.await_code()
        step.detail = mail["subject"]
    with journal.step("verify"):
        expect(code_of(mail), "the mail holds no code")
        trader.verify(mail)
    with journal.step("log in") as step:
        step.detail = f"a token for {trader.login()['expires_in']} s"


def trade(day: Day, stream: Stream) -> None:
    """Deposit, then buy at market and sell at a limit, each instrument."""
    with day.journal.step("first quotes") as step:
        step.detail = ", ".join(f"{symbol} {last_price(stream, symbol)}" for symbol in BOUGHT)
    for asset, amount in DEPOSITS.items():
        with day.journal.step(f"deposit {asset}") as step:
            day.trader.deposit(asset, str(amount))
            step.detail = f"{amount} {asset}"
    for symbol, quantity in BOUGHT.items():
        with day.journal.step(f"buy {symbol} at market") as step:
            order = {"symbol": symbol, "side": "buy", "type": "market", "tif": "ioc", "quantity": str(quantity)}
            step.detail = place(day, stream, order)
        with day.journal.step(f"sell {symbol} at a limit") as step:
            limit = sell_limit(day, symbol)
            order = {"symbol": symbol, "side": "sell", "type": "limit", "tif": "day", "limit_price": limit}
            step.detail = place(day, stream, {**order, "quantity": str(quantity / 2)})


def settle(day: Day, audit: Callable[[], int] | None) -> None:
    """What follows the fills: the portfolio, the mail, the history and its signals, the audit."""
    with day.journal.step("cash and positions") as step:
        fills = list(day.fills)
        patient(lambda: booked(day), "every fill in the portfolio")
        step.detail = books.check(day.client.get("/portfolio"), DEPOSITS, fills)
    with day.journal.step("mail about a fill") as step:
        symbols = tuple(BOUGHT)
        message = patient(
            lambda: first_mail(day, lambda mail: any(s in mail["subject"] for s in symbols)), "a fill's mail"
        )
        step.detail = message["subject"]
    with day.journal.step("history") as step:
        bars = patient(lambda: history(day), "the days behind the market's start")
        step.detail = f"{len(bars)} daily bars of AAPL from {bars[0]['start'][:10]} on"
    with day.journal.step("signals") as step:
        signals = patient(lambda: day.client.get("/signals")["items"] or None, "a signal on the stored bars")
        step.detail = f"last {signals[0]['symbol']} {signals[0]['side']}: {signals[0]['reason']['en'].split('. ')[0]}"
    if audit is None:
        return
    with day.journal.step("audit") as step:
        differences = audit()
        expect(not differences, f"{differences} differences: `tradectl audit` shows them")
        step.detail = "every account agrees with the venue"


def history(day: Day) -> list[dict[str, Any]] | None:
    """Daily bars; who asks first hurries their storing, which may take longer than an answer."""
    try:
        items: list[dict[str, Any]] = day.client.get("/candles/AAPL", interval="1d", **{"from": LONG_AGO})["items"]
    except Late:
        return None
    return items or None


def first_mail(day: Day, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any] | None:
    """A mail to the trader of which this is true."""
    return next((mail for mail in day.trader.mailbox.mails() if wanted(mail)), None)


def last_price(stream: Stream, symbol: str) -> str:
    """The price that the stream shows for a symbol."""
    quoted = of(f"quotes:{symbol}")
    quote = stream.until(lambda message: quoted(message) and message["data"], f"a quote of {symbol}")["data"]
    return str(quote["last"] or quote["bid"] or quote["ask"])


def sell_limit(day: Day, symbol: str) -> str:
    """A little under the best bid, on tick."""
    quote = day.client.get(f"/quotes/{symbol}")
    tick = Decimal(next(each for each in day.client.get("/instruments")["items"] if each["symbol"] == symbol)["tick"])
    expect(quote["bid"], f"nobody bids for {symbol}")
    ticks = (Decimal(quote["bid"]) * BELOW_BID / tick).to_integral_value(ROUND_FLOOR)
    return str(ticks * tick)


def place(day: Day, stream: Stream, order: dict[str, str]) -> str:
    """Post an order, follow it to its end on the stream, and compare that with what GET says."""
    began = time.monotonic()
    placed = day.client.post("/orders", {**order, "client_order_id": secrets.token_hex(8)})
    stream.until(lambda message: ended(message, placed["id"]), f"the end of order {placed['id']}")
    took = (time.monotonic() - began) * 1_000
    found = day.client.get(f"/orders/{placed['id']}")
    expect(found["status"] == "filled", f"{found['status']}: {found.get('reason')}")
    fills = found["fills"]
    expect(fills, "filled without a fill")
    filled = sum((Decimal(fill["quantity"]) for fill in fills), Decimal(0))
    expect(filled == Decimal(order["quantity"]), f"{filled} filled of {order['quantity']}")
    day.orders.append(found)
    day.fills.extend(fills)
    many = "one fill" if len(fills) == 1 else f"{len(fills)} fills"
    return f"{filled} at {found['average_price']} in {many}, {took:.0f} ms to the stream"


def ended(message: Message, order_id: str) -> bool:
    """Whether this message shows the order at its end."""
    if message.get("channel") != "orders" or message["type"] != "delta":
        return False
    order = message["data"]["order"]
    return bool(order["id"] == order_id and order["status"] in FINAL)


def booked(day: Day) -> bool | None:
    """Whether the portfolio has every fill."""
    trades = {trade["fill_id"] for trade in day.client.get("/portfolio/trades", limit="200")["items"]}
    return True if {fill["id"] for fill in day.fills} <= trades else None
