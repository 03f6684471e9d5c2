"""A desk that is open."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.integration.orders.desk import Desk, trading


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with trading(tmp_path) as opened:
        yield opened


@pytest.fixture
async def ann(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    """A trader with 100,000 USD."""
    await desk.deposit("ann", 10_000_000)
    async with desk.client("ann") as client:
        yield client
