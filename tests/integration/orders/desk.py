"""Orders in this process, with everything around it that it asks: tokens, instruments, a street to trade on."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI, Response

from services.contracts.envelope import Envelope, body_of
from services.contracts.event import Event
from services.contracts.events.portfolio import CashDeposited
from services.contracts.ids import new_id
from services.contracts.instruments import ListedInstrument
from services.kernel.security import Principal, issue, jwk
from services.runtime import local
from services.runtime.clock import wall
from tests import instruments
from tests.eventually import eventually
from tests.instruments import listed
from tests.integration.bff.stack import KEY, Stack
from tests.integration.orders.street import Street

SIGNER = Ed25519PrivateKey.generate()
AAPL = listed(instruments.AAPL, 20_000)


def peers(listed: Callable[[], Sequence[ListedInstrument]] = lambda: [AAPL]) -> None:
    """Auth's keys and market data's instruments, as orders asks for them."""
    auth, market_data = FastAPI(), FastAPI()

    @auth.get("/.well-known/jwks.json")
    async def keys() -> dict[str, Any]:
        return {"keys": [jwk(SIGNER.public_key(), "k1")]}

    @market_data.get("/internal/instruments")
    async def instruments() -> Response:
        return Response(msgspec.json.encode(listed()), media_type="application/json")

    local.offer("asgi://auth", auth)
    local.offer("asgi://market_data", market_data)


class Office:
    """The running service as its neighbours see it."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack

    def client(self, user: str, instance: str = "orders") -> httpx.AsyncClient:
        token = issue(SIGNER, "k1", Principal(user, "s1", frozenset({"trader"})), 600)
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.AsyncClient(base_url=self.stack.url(instance), headers=headers, trust_env=False)

    async def publish(self, *events: Event) -> None:
        """As the outbox of another service would."""
        await self.stack.broker.publish([_enveloped(event) for event in events])

    async def deposit(self, user: str, amount: int, asset: str = "USD") -> None:
        """Money in cents, or shares; returns when the risk ledger has it."""
        before = (await self.balance(user, asset))["total"]
        scale = 2 if asset == "USD" else 0
        event = CashDeposited(deposit_id=new_id(), account_id=user, asset=asset, amount=amount, scale=scale)
        await self.publish(event)

        async def credited() -> bool:
            return bool((await self.balance(user, asset))["total"] == before + amount)

        await eventually(credited)

    async def state(self) -> dict[str, list[dict[str, Any]]]:
        """The internal page's tables."""
        async with httpx.AsyncClient(trust_env=False) as client:
            page = await client.get(
                f"{self.stack.url('orders')}/internal/state?limit=20000", headers={"X-Internal-Key": KEY}
            )
        tables: dict[str, list[dict[str, Any]]] = page.json()["tables"]
        return tables

    async def balance(self, user: str, asset: str = "USD") -> Mapping[str, int]:
        rows = (await self.state())["balances"]
        found = [row for row in rows if (row["account_id"], row["asset"]) == (user, asset)]
        return found[0] if found else {"total": 0, "reserved": 0}


class Desk(Office):
    """Orders with a street that says what the test tells it to."""

    def __init__(self, stack: Stack, street: Street, record: list[dict[str, Any]]) -> None:
        super().__init__(stack)
        self.street = street
        self.record = record
        """What the broker's GET /executions answers."""


def _enveloped(event: Event) -> Envelope:
    return Envelope(
        id=new_id(),
        name=event.name,
        version=event.version,
        producer=event.producer,
        key=event.key,
        seq=1,
        time=wall(),
        market_time=wall(),
        correlation="test",
        body=body_of(event),
    )


def ticket(**fields: Any) -> dict[str, Any]:
    terms = {
        "client_order_id": new_id(),
        "symbol": "AAPL",
        "side": "buy",
        "type": "limit",
        "quantity": "100",
        "limit_price": "200.00",
    }
    return terms | fields


async def status_of(client: httpx.AsyncClient, order_id: str) -> str:
    return str((await client.get(f"/orders/{order_id}")).json()["status"])


@asynccontextmanager
async def record_of(entries: list[dict[str, Any]]) -> AsyncIterator[str]:
    """The broker's REST record on a socket; yields its URL."""
    from services.runtime.serve import bind, serve

    app = FastAPI()

    @app.get("/executions")
    async def executions(since: int, limit: int) -> list[dict[str, Any]]:
        return [entry for entry in entries if entry["number"] > since][:limit]

    server = await serve(app, bind())
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        await server.stop()


@asynccontextmanager
async def trading(folder: Path, options: Mapping[str, str] | None = None) -> AsyncIterator[Desk]:
    """Orders, ready, with a session on the street."""
    street, entries = Street(), list[dict[str, Any]]()
    stack = Stack(folder, ("auth", "market_data"), options or {})
    peers()
    try:
        async with street.acceptor, record_of(entries) as record:
            stack.urls |= {"broker.fix": f"tcp://127.0.0.1:{street.acceptor.port}", "broker.http": record}
            async with stack.part("orders") as running:
                await eventually(lambda: is_ready(running))
                yield Desk(stack, street, entries)
    finally:
        await stack.cache.close()
        await stack.broker.close()
        local.clear()


async def is_ready(running: Any) -> bool:
    """Whether the service lacks nothing."""
    return not await running.ready()
