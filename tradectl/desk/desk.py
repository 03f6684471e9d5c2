"""The trader's desk: signs in, keeps the state, follows what is wanted, and sends what is asked for."""

import asyncio
import secrets
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from tradectl.desk.account import Alert, Order, Portfolio, Preview, Profile, Transfer
from tradectl.desk.client import Client, Json
from tradectl.desk.failures import Unknown, Unreachable
from tradectl.desk.forum import Forum
from tradectl.desk.link import Link
from tradectl.desk.market import Candle, Instrument, Levels, Series
from tradectl.desk.state import Items, State, decoded

OWN = frozenset({"orders", "portfolio", "notifications", "signals"})
"""Channels that are always followed."""
TOGETHER = 0.25
"""Seconds in which bookings are asked for by one question."""
TRIES = 3
MOST_READ = 200
"""Notifications that one request marks."""
T = TypeVar("T")


class Unread(msgspec.Struct):
    """How many notifications are left."""

    unread: int


class Desk:
    """``client`` must be signed in before ``open``; ``run`` keeps it going until it is cancelled."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.state = State()
        self.forum = Forum(client, self.state)
        self.link = Link(client, self.state, self._heard)
        self._wants: dict[str, frozenset[str]] = {"desk": OWN}
        self._booked = asyncio.Event()

    async def open(self) -> None:
        """Learn what does not change by itself; raises one of failures.py."""
        state = self.state
        state.profile = await self.client.get("/me", Profile)
        state.instruments = {each.symbol: each for each in await self._items("/instruments", Instrument)}
        watched = await self.client.get("/me/watchlist", dict[str, Any])
        state.watchlist = list(watched["symbols"]) or sorted(state.instruments)
        state.symbol = state.symbol or next(iter(state.watchlist), "")
        state.touch("profile", "instruments", "watchlist", "symbol")
        self.want("desk", OWN)

    async def run(self) -> None:
        """Follow the market and the account; SignedOut when the session has ended."""
        keeping = asyncio.create_task(self._keep_portfolio())
        try:
            await self.link.run()
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)

    def want(self, owner: str, channels: Iterable[str]) -> None:
        """What an owner follows from now on, in the place of what he did; all owners' together are subscribed."""
        self._wants[owner] = frozenset(channels)
        self.link.follow(frozenset().union(*self._wants.values()))

    def look_at(self, symbol: str) -> None:
        """Make this the symbol that the panes are about."""
        if symbol in self.state.instruments and symbol != self.state.symbol:
            self.state.symbol = symbol
            self.state.touch("symbol")

    async def candles(self, symbol: str, interval: str) -> Series:
        """The latest bars, up to 300; those of minutes come and go on by the link alone."""
        bars = await self._items(f"/candles/{symbol}", Candle, interval=interval)
        minutes = self.state.series.get((symbol, "1m"))
        last = minutes.bars[-1] if minutes is not None and minutes.bars else None
        series = self.state.series[symbol, interval] = Series(interval, bars, last)
        self.state.touch(f"candles:{symbol}:{interval}")
        return series

    async def book(self, symbol: str, depth: int = 20) -> Levels:
        """The book now, for who does not follow it."""
        return await self.client.get(f"/book/{symbol}", Levels, depth=str(depth))

    async def preview(self, order: Json) -> Preview:
        """What an order would cost and what would refuse it; ``order`` as POST /orders takes it, without an id."""
        return decoded(await self.client.ask("POST", "/orders/preview", body=order), Preview)  # type: ignore[no-any-return]

    async def place(self, order: Json) -> Order:
        """Place it under an id of its own; where the answer is lost the same is sent again, so it is placed once."""
        body = {"client_order_id": secrets.token_hex(8), **order}
        return await self._safely("POST", "/orders", Order, body)

    async def replace(self, order_id: str, edit: Json) -> Order:
        """``edit`` names what changes: quantity, limit_price, stop_price."""
        before = self.state.orders.get(order_id)
        return self._take(await self.client.ask("PATCH", f"/orders/{order_id}", body=edit), before)

    async def cancel(self, order_id: str) -> Order:
        """Ask for its end; the order as it then is."""
        before = self.state.orders.get(order_id)
        return self._take(await self.client.ask("DELETE", f"/orders/{order_id}"), before)

    async def cancel_all(self, symbol: str = "") -> list[Order]:
        """Ask for the end of every open order, or of a symbol's."""
        answer = await self.client.ask("DELETE", "/orders", query={"symbol": symbol} if symbol else None)
        return decoded(decoded(answer, Items).items, list[Order])  # type: ignore[no-any-return]

    async def watch(self, symbols: list[str]) -> None:
        """Put the whole watchlist."""
        await self.client.ask("PUT", "/me/watchlist", body={"symbols": symbols})
        self.state.watchlist = symbols
        self.state.touch("watchlist")

    async def alert(self, symbol: str, condition: str, threshold: Decimal, repeat: str = "once") -> Alert:
        """Be told when it is so; ``condition`` is price_above, price_below, change_above or change_below."""
        body = {"symbol": symbol, "condition": condition, "threshold": f"{threshold:f}", "repeat": repeat}
        made = await self._safely("POST", "/alerts", Alert, body, key=secrets.token_hex(8))
        await self.load_alerts()
        return made

    async def forget_alert(self, alert_id: str) -> None:
        """Delete an alert."""
        await self.client.ask("DELETE", f"/alerts/{alert_id}")
        await self.load_alerts()

    async def load_alerts(self) -> None:
        """Newest first."""
        self.state.alerts = await self._items("/alerts", Alert)
        self.state.touch("alerts")

    async def read_notifications(self) -> None:
        """All that are known have been seen."""
        ids = [each.id for each in self.state.notifications if not each.read][:MOST_READ]
        if ids:
            left = decoded(await self.client.ask("POST", "/notifications/read", body={"ids": ids}), Unread)
            seen = [replace(each, read=True) if each.id in ids else each for each in self.state.notifications]
            self.state.notifications, self.state.unread = seen, left.unread
            self.state.touch("notifications")

    async def deposit(self, asset: str, amount: str) -> Transfer:
        """Sandbox money, or shares: ``asset`` is a currency or a symbol; credited a moment later."""
        return await self._transfer("deposits", asset, amount)

    async def withdraw(self, asset: str, amount: str) -> Transfer:
        """Money of a currency; it is gone once the order service has set it aside."""
        return await self._transfer("withdrawals", asset, amount)

    async def _transfer(self, kind: str, asset: str, amount: str) -> Transfer:
        body, key = {"asset": asset, "amount": amount}, secrets.token_hex(8)
        return await self._safely("POST", f"/portfolio/{kind}", Transfer, body, key=key)

    async def load_portfolio(self) -> None:
        """Cash and positions as they are now."""
        self.state.portfolio = await self.client.get("/portfolio", Portfolio)
        self.state.touch("portfolio")

    def _take(self, answer: bytes, before: Order | None) -> Order:
        """An order that was changed; what the link has told since is later, though market time may be the same."""
        order: Order = decoded(answer, Order)
        known = self.state.orders.get(order.id)
        if known is None or known is before or known.updated_at < order.updated_at:
            self.state.orders[order.id] = order
            self.state.touch("orders")
        return order

    async def _safely(self, method: str, path: str, kind: type[T], body: Json, key: str = "") -> T:
        """A write that is safe to repeat."""
        return msgspec.json.decode(await self.client.ask(method, path, body=body, key=key, tries=TRIES), type=kind)

    async def _items(self, path: str, kind: type[T], **query: str) -> list[T]:
        page = await self.client.get(path, Items, **query)
        return decoded(page.items, list[kind])  # type: ignore[valid-type, no-any-return]

    def _heard(self, channel: str, whole: bool) -> None:
        """What is reserved or booked changes with orders, and with deposits, of which notifications tell."""
        if channel in {"orders", "portfolio", "notifications"} and not whole:
            self._booked.set()

    async def _keep_portfolio(self) -> None:
        while True:
            await self._booked.wait()
            await asyncio.sleep(TOGETHER)
            self._booked.clear()
            try:
                await self.load_portfolio()
            except (Unknown, Unreachable):
                self._booked.set()
