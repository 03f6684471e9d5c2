"""Traders who write through the BFF while the platform dies under them: the same request again until it is answered."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from random import Random
from typing import Any, Self

import httpx

from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.audit.report import Report, audit
from tradectl.audit.snapshot import Sources
from tradectl.smoke import books

Json = dict[str, Any]
FINAL = {"filled", "cancelled", "rejected", "expired"}
PATIENCE = 60.0
"""Seconds, several restarts included."""
UNKNOWN = {503, 504}
"""Not done, or nobody knows whether it was done: ask again with the same key."""
CODE = re.compile(r"Your code is (\S+?)\.?\s*$", re.MULTILINE)
DEPOSITS = {"USD": Decimal(1_000_000), "USDT": Decimal(1_000_000), "AAPL": Decimal(10_000)}
WITHDRAWING = 0.2
"""How often a trader does."""
LOTS = {"AAPL": Decimal(1), "BTCUSDT": Decimal("0.001")}


@dataclass
class Trader:
    """``orders`` are the answers by client_order_id, ``sent`` counts requests that were begun."""

    http: httpx.AsyncClient
    mail: str
    name: str
    chance: Random
    token: str = ""
    user_id: str = ""
    sent: int = 0
    orders: dict[str, Json] = field(default_factory=dict)
    seen: dict[str, tuple[Json, Json]] = field(default_factory=dict)
    """By order: as the list showed it, and the order itself then."""
    withdrawals: dict[str, Json] = field(default_factory=dict)
    """The answers, by their ids."""
    quotes: dict[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    push: str = ""
    browsers: dict[int, Json] = field(default_factory=dict)
    """By their numbers at the push endpoint, as the platform knows them."""

    @property
    def email(self) -> str:
        return f"{self.name}@example.com"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def send(self, method: str, path: str, body: Json | None = None, key: str = "") -> httpx.Response:
        """The answer, however many hosts it takes to get one."""
        headers = self.headers | ({"Idempotency-Key": key} if key else {})

        async def attempt() -> httpx.Response | None:
            self.sent += 1
            answer = await self.http.request(method, path, json=body, headers=headers)
            return None if answer.status_code in UNKNOWN else answer

        return await eventually(attempt, PATIENCE, every=0.05)

    async def ok(self, method: str, path: str, body: Json | None = None, key: str = "") -> Any:
        """The document of an answer that must be a success."""
        answer = await self.send(method, path, body, key)
        assert answer.is_success, f"{method} {path} answered {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    async def enter(self) -> Self:
        """Register, verify by the mail's code, log in, subscribe to pushes, deposit."""
        registration = {"email": self.email, "password": "correct horse battery", "display_name": self.name}
        await self.send("POST", "/auth/register", registration)

        async def code() -> str | None:
            found = [CODE.search(mail["text"]) for mail in await self.mails()]
            return next((match[1] for match in found if match), None)

        await self.send("POST", "/auth/verify", {"email": self.email, "code": await eventually(code, PATIENCE)})
        tokens = await self.ok("POST", "/auth/login", {key: registration[key] for key in ("email", "password")})
        self.token = tokens["access_token"]
        self.user_id = (await self.ok("GET", "/me"))["id"]
        await self.subscribe()
        for asset, amount in DEPOSITS.items():
            await self.deposit(asset, amount)
        for symbol in LOTS:
            await self.look(symbol)
        return self

    async def subscribe(self) -> None:
        """With one more browser."""
        key = (await self.ok("GET", "/notifications/push-key"))["public_key"]
        answer = await self.http.post(f"{self.push}/subscriptions", json={"application_server_key": key})
        made = answer.json()
        browser = {"endpoint": made["endpoint"], "keys": made["keys"]}
        self.browsers[made["id"]] = await self.ok("POST", "/notifications/push-subscriptions", browser)

    async def deposit(self, asset: str, amount: Decimal) -> None:
        """Until the risk ledger has it."""
        made = await self.ok("POST", "/portfolio/deposits", {"asset": asset, "amount": str(amount)}, key=f"d-{asset}")

        async def credited() -> bool:
            return bool((await self.ok("GET", f"/portfolio/deposits/{made['id']}"))["status"] == "credited")

        await eventually(credited, PATIENCE)

    async def withdraw(self, key: str, asset: str, amount: Decimal) -> Json:
        """Ask for it; the same one however often it had to be sent."""
        body = {"asset": asset, "amount": str(amount)}
        made: Json = await self.ok("POST", "/portfolio/withdrawals", body, key=f"w-{key}")
        self.withdrawals[made["id"]] = made
        return made

    async def look(self, symbol: str) -> None:
        """Learn the best prices."""

        async def quote() -> tuple[Decimal, Decimal]:
            found = await self.ok("GET", f"/quotes/{symbol}")
            return Decimal(found["bid"]), Decimal(found["ask"])

        self.quotes[symbol] = await eventually(quote, PATIENCE)

    async def place(self, key: str, symbol: str, side: str, lots: int, limit: Decimal | None = None) -> Json:
        """One order, at market without a limit; the same one however often it had to be sent."""
        terms = {"type": "market", "tif": "ioc"} if limit is None else {"type": "limit", "limit_price": str(limit)}
        body = {"client_order_id": key, "symbol": symbol, "side": side, "quantity": str(LOTS[symbol] * lots), **terms}
        placed: Json = await self.ok("POST", "/orders", body)
        assert placed["client_order_id"] == key
        self.orders[key] = placed
        return placed

    async def cancel(self, order: Json) -> None:
        """Ask for the order's end; it may have ended already."""
        await self.asked("DELETE", order)

    async def replace(self, order: Json, **terms: str) -> None:
        """Ask for other terms; the order may have ended already, or the request may be under way."""
        await self.asked("PATCH", order, terms)

    async def asked(self, method: str, order: Json, body: Json | None = None) -> None:
        answer = await self.send(method, f"/orders/{order['id']}", body)
        assert answer.is_success or answer.status_code in {409, 422}, answer.text

    def away(self, symbol: str, side: str, percent: int) -> Decimal:
        """A price so far on the passive side of the market, on tick."""
        bid, ask = self.quotes[symbol]
        price = bid * (100 - percent) / 100 if side == "buy" else ask * (100 + percent) / 100
        return price.quantize(Decimal("0.01"), ROUND_FLOOR)

    async def trade(self, key: str) -> None:
        """One of the four things that traders do: at market, resting, resting and cancelled, resting and replaced.

        Now and then they take some money out.
        """
        if self.chance.random() < WITHDRAWING:
            await self.withdraw(key, "USD", Decimal(self.chance.randint(1, 5_000)) / 100)
        symbol, lots = self.chance.choice(sorted(LOTS)), self.chance.randint(1, 5)
        side = self.chance.choice(("buy", "buy", "sell") if symbol == "AAPL" else ("buy",))
        kind = self.chance.choice(("market", "market", "limit", "cancel", "replace"))
        if kind == "market":
            await self.place(key, symbol, side, lots)
            return
        order = await self.place(key, symbol, side, lots, self.away(symbol, side, self.chance.randint(1, 3)))
        if kind == "cancel":
            await self.cancel(order)
        elif kind == "replace":
            await self.replace(order, limit_price=str(self.away(symbol, side, self.chance.randint(1, 3))))

    async def lives(self) -> list[Json]:
        """Every order of the account with its fills, none under way."""
        return [await self.life(order) for order in await self.listed("/orders")]

    async def listed(self, path: str) -> list[Json]:
        """Every row of a list."""
        found: list[Json] = []
        cursor = ""
        while True:
            page = await self.ok("GET", f"{path}?limit=200{cursor}")
            found += page["items"]
            if page["next"] is None:
                return found
            cursor = f"&cursor={page['next']}"

    async def life(self, order: Json) -> Json:
        """The order with its fills; read again when it is not what it was."""
        if self.seen.get(order["id"], ({}, {}))[0] != order:
            self.seen[order["id"]] = (order, await self.ok("GET", f"/orders/{order['id']}"))
        return self.seen[order["id"]][1]

    async def settled(self) -> list[Json]:
        """Withdrawals: each that was answered is there once, and paid."""
        made = await self.listed("/portfolio/withdrawals")
        assert Counter(each["id"] for each in made) == Counter(self.withdrawals.keys())
        assert {each["status"] for each in made} <= {"settled"}, made
        return made

    async def mails(self) -> list[Json]:
        """What the mail gateway has for this trader."""
        items: list[Json] = []
        while True:
            query = {"to": self.email, "since": items[-1]["id"] if items else 0, "limit": 200}
            answer = await self.http.get(f"{self.mail}/messages", params=query)
            page: list[Json] = answer.json()["items"]
            if not page:
                return items
            items += page

    async def check_books(self) -> None:
        """Every order that was answered is there once and at rest; cash, positions and mails follow from the fills."""
        lives = await self.lives()
        assert Counter(order["client_order_id"] for order in lives) == Counter(self.orders.keys())
        assert {order["id"] for order in lives} == {order["id"] for order in self.orders.values()}
        assert {order["status"] for order in lives} <= FINAL | {"new", "partially_filled"}
        fills = [fill for order in lives for fill in order["fills"]]
        assert len({fill["id"] for fill in fills}) == len(fills)
        portfolio = await self.ok("GET", "/portfolio")
        cash = {asset: amount for asset, amount in DEPOSITS.items() if asset not in LOTS}
        for paid in await self.settled():
            cash[paid["asset"]] -= Decimal(paid["amount"])
        assert books.held_cash(portfolio) == books.expected_cash(cash, fills)
        assert books.held_positions(portfolio) == without_zeros(positions(fills))
        await self.check_mails(lives)
        await self.check_pushes()

    async def check_mails(self, lives: Iterable[Json]) -> None:
        """One mail for the code, the welcome, each deposit, withdrawal and ended order; none under two Message-IDs."""
        expected = 2 + len(DEPOSITS) + len(self.withdrawals) + sum(order["status"] in FINAL for order in lives)

        async def all_mails() -> list[Json] | None:
            found = await self.mails()
            return found if len(found) >= expected else None

        mails = await eventually(all_mails, PATIENCE, every=0.2)  # so many a second leave, as relays admit
        assert len({mail["message_id"] for mail in mails}) == len(mails) == expected

    async def check_pushes(self) -> None:
        """Each browser that is there has each notification since it was, once; none has anything twice."""
        told = await self.listed("/notifications")
        there = {each["id"] for each in await self.listed("/notifications/push-subscriptions")}
        for number, browser in self.browsers.items():
            since = {each["id"] for each in told if each["created_at"] > browser["created_at"]}
            wanted = since if browser["id"] in there else set()

            async def all_pushes(number: int = number, wanted: set[str] = wanted) -> list[str] | None:
                topics = [push["topic"] for push in await self.pushes(number)]
                return topics if wanted <= set(topics) else None

            topics = await eventually(all_pushes, PATIENCE, every=0.2)
            assert len(set(topics)) == len(topics)
            assert set(topics) <= {each["id"] for each in told}

    async def pushes(self, number: int) -> list[Json]:
        """What the push endpoint has for a browser."""
        items: list[Json] = []
        while True:
            query = {"subscription": number, "since": items[-1]["id"] if items else 0, "limit": 200}
            page: list[Json] = (await self.http.get(f"{self.push}/messages", params=query)).json()["items"]
            if not page:
                return items
            items += page


def positions(fills: Iterable[Mapping[str, Any]]) -> dict[str, Decimal]:
    """Deposited shares and what was traded."""
    held = {symbol: DEPOSITS.get(symbol, Decimal(0)) for symbol in LOTS}
    for symbol, quantity in books.expected_positions(fills).items():
        held[symbol] += quantity
    return held


def without_zeros(held: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {symbol: quantity for symbol, quantity in held.items() if quantity}


@dataclass(frozen=True)
class Place:
    """A sandbox's addresses, which stay the same over restarts."""

    tool: Tool
    name: str = "default"

    def address(self, port: str) -> str:
        return f"http://127.0.0.1:{self.tool.ports(self.name)[port]}"

    def client(self) -> httpx.AsyncClient:
        """Of the API."""
        return httpx.AsyncClient(base_url=f"{self.address('bff.http')}/api/v1", timeout=10.0)

    def trader(self, http: httpx.AsyncClient, name: str, seed: int) -> Trader:
        push = self.address("push.http")
        return Trader(http, self.address("mail.http"), name, Random(f"{seed} {name}"), push=push)

    def sources(self) -> Sources:
        """What an audit reads."""
        keys = json.loads((self.tool.sandbox(self.name) / "secrets.json").read_text())
        endpoints = {port: self.address(port) for port in self.tool.ports(self.name)}
        return Sources(endpoints, keys["key"], keys["provider_key"])

    def audit(self) -> Report:
        """Settled."""
        return audit(self.sources(), settled=True)
