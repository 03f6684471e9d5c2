"""The steps, in the order of a first day."""

import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any, TypeVar

from tradectl.errors import TradectlError
from tradectl.probes import http
from tradectl.probes.eventually import eventually
from tradectl.smoke import books
from tradectl.smoke.client import Client
from tradectl.smoke.steps import Journal, Late, Listener, Step, StepFailed, expect
from tradectl.smoke.stream import PATIENCE, Message, Stream, of

T = TypeVar("T")
DEPOSITS = {"USD": Decimal(100_000), "USDT": Decimal(100_000)}
BOUGHT = {"AAPL": Decimal(20), "BTCUSDT": Decimal("0.02")}
"""Half of each is sold again."""
BELOW_BID = Decimal("0.998")
"""A limit a little under the best bid fills at once and stays inside the band."""
CODE = re.compile(r"Your code is (\S+?)\.?\s*$", re.MULTILINE)
LONG_AGO = "2000-01-01T00:00:00Z"
"""Before any market's start."""
FINAL = {"filled", "cancelled", "rejected", "expired"}


@dataclass
class Day:
    """The trader, and what happened."""

    client: Client
    mail: str
    journal: Journal
    email: str
    password: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    orders: list[dict[str, Any]] = field(default_factory=list)
    fills: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Report:
    """``ok`` only when every step held, the audit among them."""

    ok: bool
    seconds: float
    steps: list[Step]
    orders: list[dict[str, Any]]
    fills: list[dict[str, Any]]


def smoke(door: str, mail: str, audit: Callable[[], int], listen: Listener) -> Report:
    """Trade once; ``audit`` returns the number of differences."""
    began = time.monotonic()
    day = Day(Client(door), mail, Journal(listen), f"smoke-{secrets.token_hex(5)}@example.com")
    with suppress(StepFailed):  # the journal has it
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
    client, journal = day.client, day.journal
    with journal.step("register") as step:
        client.post("/auth/register", {"email": day.email, "password": day.password, "display_name": "Smoke"})
        step.detail = day.email
    with journal.step("mail with the code") as step:
        message = patient(lambda: first_mail(day, lambda mail: CODE.search(mail["text"] or "")), "the code's mail")
        step.detail = message["subject"]
    with journal.step("verify"):
        found = CODE.search(message["text"])
        expect(found, "the mail holds no code")
        client.post("/auth/verify", {"email": day.email, "code": found[1] if found else ""})
    with journal.step("log in") as step:
        tokens = client.post("/auth/login", {"email": day.email, "password": day.password})
        client.token = tokens["access_token"]
        step.detail = f"a token for {tokens['expires_in']} s"


def trade(day: Day, stream: Stream) -> None:
    """Deposit, then buy at market and sell at a limit, each instrument."""
    with day.journal.step("first quotes") as step:
        step.detail = ", ".join(f"{symbol} {last_price(stream, symbol)}" for symbol in BOUGHT)
    for asset, amount in DEPOSITS.items():
        with day.journal.step(f"deposit {asset}") as step:
            deposit(day, asset, amount)
            step.detail = f"{amount} {asset}"
    for symbol, quantity in BOUGHT.items():
        with day.journal.step(f"buy {symbol} at market") as step:
            order = {"symbol": symbol, "side": "buy", "type": "market", "tif": "ioc", "quantity": str(quantity)}
            step.detail = place(day, stream, order)
        with day.journal.step(f"sell {symbol} at a limit") as step:
            limit = sell_limit(day, symbol)
            order = {"symbol": symbol, "side": "sell", "type": "limit", "tif": "day", "limit_price": limit}
            step.detail = place(day, stream, {**order, "quantity": str(quantity / 2)})


def settle(day: Day, audit: Callable[[], int]) -> None:
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


def patient(probe: Callable[[], T | None], what: str) -> T:
    """What the probe finds within PATIENCE."""
    try:
        return eventually(probe, PATIENCE, what=what)
    except TradectlError as error:
        raise StepFailed(error.message) from None


def first_mail(day: Day, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any] | None:
    """A mail to the trader of which this is true."""
    try:
        items = http.get(f"{day.mail}/messages", query={"to": day.email}).json()["items"]
    except http.UnreachableError as error:
        raise StepFailed(f"the mail gateway: {error}") from error
    return next((mail for mail in items if wanted(mail)), None)


def last_price(stream: Stream, symbol: str) -> str:
    """The price that the stream shows for a symbol."""
    quoted = of(f"quotes:{symbol}")
    quote = stream.until(lambda message: quoted(message) and message["data"], f"a quote of {symbol}")["data"]
    return str(quote["last"] or quote["bid"] or quote["ask"])


def deposit(day: Day, asset: str, amount: Decimal) -> None:
    """Ask for it and wait until the risk ledger has it."""
    made = day.client.post("/portfolio/deposits", {"asset": asset, "amount": str(amount)}, key=True)
    patient(lambda: credited(day, made["id"]), f"{asset} credited")


def credited(day: Day, deposit_id: str) -> bool | None:
    return True if day.client.get(f"/portfolio/deposits/{deposit_id}")["status"] != "pending" else None


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
