"""Auth and the BFF on real sockets, with a market that the test drives."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.integration.bff.market import TestMarket
from tests.integration.bff.stack import KEY, Mailbox, Stack, logged_in, registered, stack
from tests.integration.bff.wire import API

FAST = {"auth.argon2_memory": "64", "auth.argon2_passes": "1"}
ADMIN = {"admin_email": "root@example.org", "admin_password": "a long admin password"}
OTHERS = ("market_data", "orders", "portfolio", "recommendations", "chat", "notifications")


@pytest.fixture
def options() -> dict[str, str]:
    """A test that needs other limits has its own."""
    return {}


@pytest.fixture
async def auth(tmp_path: Path, options: dict[str, str]) -> AsyncIterator[Stack]:
    async with stack(tmp_path, "auth", peers=("bff", *OTHERS), options={**FAST, **ADMIN, **options}) as running:
        yield running


@pytest.fixture
async def market(auth: Stack) -> TestMarket:
    made = TestMarket(auth.cache)
    made.offer(KEY)
    await made.snapshot("AAPL", [(19_990, 100), (19_980, 200)], [(20_010, 150), (20_020, 50)])
    await made.snapshot("BTCUSDT", [(6_183_763, 2_000)], [(6_183_764, 154_698)])
    return made


@pytest.fixture
async def running(auth: Stack, market: TestMarket) -> AsyncIterator[Stack]:
    async with auth.part("bff"):
        yield auth


@pytest.fixture
async def client(running: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=running.url("bff"), trust_env=False) as made:
        yield made


@pytest.fixture
async def mailbox(auth: Stack) -> AsyncIterator[Mailbox]:
    async with Mailbox(auth).open() as box:
        yield box


@pytest.fixture
async def ann(client: httpx.AsyncClient, mailbox: Mailbox) -> dict[str, str]:
    """Tokens of a trader."""
    await registered(client, mailbox, "ann@example.org", API)
    return await logged_in(client, "ann@example.org", API)
