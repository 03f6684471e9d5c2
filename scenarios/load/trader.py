"""Traders who look, order, cancel and watch their orders on the WebSocket."""

import json
from collections import deque
from decimal import ROUND_FLOOR, Decimal
from typing import Any, ClassVar

import gevent
from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

from tradectl.load.users import API, Paced

PENDING = {"pending_new"}
ENDED = 409
"""A cancel that came after the order's end: an answer like another."""
AT_ONCE = 1 / 3
"""Of the orders, those that trade at once; the others rest two to six per cent away."""
CROSSING = Decimal("0.002")
MOST = 20
"""Orders that rest at a time: a market whose books only grow is none."""
FORGOTTEN = 10_000
"""Orders whose way to the WebSocket is followed at most."""


class Trader(Paced):
    """Half of what it does are orders: some trade at once, most rest far from the market until they are cancelled."""

    MIX: ClassVar = {"order": 40, "cancel": 25, "quote": 12, "book": 5, "portfolio": 10, "orders": 8}

    def prepare(self) -> None:
        """Where the market is, and the stream."""
        self.placed = 0
        self.prices: dict[str, tuple[Decimal, Decimal]] = {}
        self.resting: deque[str] = deque()
        self.sent: dict[str, float] = {}
        self.socket: ClientConnection | None = None
        for listed in self.spec.instruments:
            self.take(listed.symbol, self.quietly("GET", f"/quotes/{listed.symbol}"))
        self.listener = gevent.spawn(self.listen)

    def on_stop(self) -> None:
        """The stream, too."""
        self.listener.kill(block=False)
        super().on_stop()

    def order(self) -> None:
        """A limit order: one in three at the market's price, the others where nobody meets them."""
        listed = self.chance.choice(self.spec.instruments)
        side = self.chance.choice(("buy", "sell"))
        bid, ask = self.prices.get(listed.symbol, (Decimal(0), Decimal(0)))
        if not bid:
            self.quote()
            return
        if len(self.resting) >= MOST:
            self.cancel()
            return
        if self.chance.random() < AT_ONCE:
            price = ask * (1 + CROSSING) if side == "buy" else bid * (1 - CROSSING)
            self.place(listed.symbol, side, price, "ioc")
            return
        away = Decimal(self.chance.randint(20, 60)) / 1_000
        self.place(listed.symbol, side, bid * (1 - away) if side == "buy" else ask * (1 + away), "day")

    def place(self, symbol: str, side: str, price: Decimal, tif: str) -> None:
        """One order; what rests is kept to be cancelled."""
        listed = next(each for each in self.spec.instruments if each.symbol == symbol)
        self.placed += 1
        key = f"load-{self.spec.seed}-{self.account.name}-{self.placed}-{int(self.run_.began)}"
        if len(self.sent) < FORGOTTEN:
            self.sent[key] = self.begun
        body = {
            "client_order_id": key,
            "symbol": symbol,
            "side": side,
            "type": "limit",
            "tif": tif,
            "quantity": f"{Decimal(listed.lot) * self.chance.randint(1, 5):f}",
            "limit_price": on_tick(price, Decimal(listed.tick)),
        }
        answer = self.ask("order", "POST", "/orders", body)
        if answer is None:
            self.sent.pop(key, None)
        elif tif == "day":
            self.resting.append(answer.json()["id"])

    def cancel(self) -> None:
        """The oldest order that rests; without one, an order."""
        if not self.resting:
            self.order()
            return
        self.ask("cancel", "DELETE", f"/orders/{self.resting.popleft()}", fine=(ENDED,))

    def quote(self) -> None:
        """One price."""
        symbol = self.chance.choice(self.spec.instruments).symbol
        answer = self.ask("quote", "GET", f"/quotes/{symbol}")
        self.take(symbol, answer.json() if answer else None)

    def book(self) -> None:
        """One book."""
        self.ask("book", "GET", f"/book/{self.chance.choice(self.spec.instruments).symbol}?depth=10")

    def portfolio(self) -> None:
        """All that is held."""
        self.ask("portfolio", "GET", "/portfolio")

    def orders(self) -> None:
        """The latest orders."""
        self.ask("orders", "GET", "/orders?limit=50")

    def take(self, symbol: str, quote: Any) -> None:
        """Keep both sides of a quote, where there are both."""
        if quote and quote["bid"] and quote["ask"]:
            self.prices[symbol] = (Decimal(quote["bid"]), Decimal(quote["ask"]))

    def listen(self) -> None:
        """Follow one's own orders and one price; come back when the stream ends."""
        url = f"{self.spec.door.replace('http', 'ws', 1)}{API}/ws"
        channels = ["orders", f"quotes:{self.chance.choice(self.spec.instruments).symbol}"]
        while True:
            try:
                with connect(url, compression=None, open_timeout=10, max_size=None) as socket:
                    socket.send(json.dumps({"token": self.token}))
                    socket.send(json.dumps({"op": "subscribe", "channels": channels}))
                    self.socket = socket
                    for frame in socket:
                        self.hear(json.loads(frame))
            except (OSError, WebSocketException, TimeoutError) as error:
                if not self.run_.gate.is_set() or self.run_.left():
                    self.run_.recorder.answered("stream", 0.0, type(error).__name__)
            gevent.sleep(1.0)

    def hear(self, messages: list[Any]) -> None:
        """An order that the market has answered was on its way until now; a quote is where the market is."""
        for message in messages:
            channel = message.get("channel", "")
            if channel == "orders" and message["type"] == "delta":
                order = message["data"]["order"]
                due = self.sent.pop(order["client_order_id"], None) if order["status"] not in PENDING else None
                if due is not None:
                    self.record("stream", due)
            elif channel.startswith("quotes:") and message["type"] in ("snapshot", "delta"):
                self.take(channel.partition(":")[2], message["data"])

    def renewed(self) -> None:
        """The stream lives on with the new token."""
        if self.socket is not None:
            try:
                self.socket.send(json.dumps({"token": self.token}))
            except (OSError, WebSocketException):
                self.socket = None


def on_tick(price: Decimal, tick: Decimal) -> str:
    """The next price below that may be asked."""
    return f"{(price / tick).to_integral_value(ROUND_FLOOR) * tick:f}"


USERS = {Trader: 1}
