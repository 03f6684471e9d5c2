"""Who asks: auth's published key, offered in this process, and tokens signed with it."""

from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import FastAPI

from services.kernel.security import Principal, issue, jwk
from services.runtime import local
from services.runtime.resources import Running
from tests.integration.bff.stack import KEY

SIGNER = Ed25519PrivateKey.generate()


def auth_app() -> FastAPI:
    """Auth, as far as every other service asks it."""
    auth = FastAPI()

    @auth.get("/.well-known/jwks.json")
    async def keys() -> dict[str, Any]:
        return {"keys": [jwk(SIGNER.public_key(), "k1")]}

    return auth


def offer_auth() -> None:
    """Auth in this process."""
    local.offer("asgi://auth", auth_app())


def client(running: Running, user: str | None = "ann", *roles: str) -> httpx.AsyncClient:
    """A trader in front of the service's app; without a user a stranger, with the sandbox's key an operator."""
    assert running.asgi is not None
    headers = {"X-Internal-Key": KEY}
    if user is not None:
        token = issue(SIGNER, "k1", Principal(user, "s1", frozenset(roles or ("trader",))), 600)
        headers = {"Authorization": f"Bearer {token}"}
    transport = httpx.ASGITransport(app=running.asgi)
    return httpx.AsyncClient(transport=transport, base_url="http://service", headers=headers)


async def figures_of(running: Running) -> dict[str, float]:
    """The service's page of metrics: each line's value by its name and labels, as they stand there."""
    async with client(running, None) as operator:
        page = (await operator.get("/metrics")).text
    return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in page.splitlines() if line[0] != "#")}


async def state_of(running: Running) -> dict[str, list[dict[str, Any]]]:
    """The service's tables, by its internal page."""
    async with client(running, None) as operator:
        answer = await operator.get("/internal/state?limit=20000")
    tables: dict[str, list[dict[str, Any]]] = answer.json()["tables"]
    return tables
