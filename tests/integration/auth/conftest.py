"""Auth by itself on a real socket, its mail read from the broker."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from msgspec.structs import replace

from services.kernel.database import Database
from services.runtime.clock import WALL
from tests.integration.bff.stack import Mailbox, Stack, stack
from tests.integration.neighbours import AAPL, offer_instruments

FAST = {"auth.argon2_memory": "64", "auth.argon2_passes": "1"}
ADMIN = {"admin_email": "Root@Example.org", "admin_password": "a long admin password"}


@pytest.fixture
async def auth(tmp_path: Path) -> AsyncIterator[Stack]:
    offer_instruments(AAPL, replace(AAPL, symbol="IBM"))
    async with stack(tmp_path, "auth", peers=("market_data",), options={**FAST, **ADMIN}) as running:
        yield running


@pytest.fixture
async def database(auth: Stack) -> AsyncIterator[Database]:
    """Another connection to what auth has."""
    opened = Database(auth.parts.database("auth"), WALL)
    yield opened
    await opened.close()


@pytest.fixture
async def mailbox(auth: Stack) -> AsyncIterator[Mailbox]:
    async with Mailbox(auth).open() as box:
        yield box


@pytest.fixture
async def client(auth: Stack) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=auth.url("auth"), trust_env=False) as made:
        yield made
