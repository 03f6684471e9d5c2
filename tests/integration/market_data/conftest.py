"""A service that has followed the market for a moment."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.runtime.resources import Running
from tests.integration.market_data.street import Desk, desk
from tests.integration.people import client


@pytest.fixture
async def market(tmp_path: Path) -> AsyncIterator[Desk]:
    async with desk(tmp_path, "AAPL", "MSFT") as opened:
        yield opened


@pytest.fixture
async def running(market: Desk) -> AsyncIterator[Running]:
    async with market.service() as service:
        yield service


@pytest.fixture
async def ann(running: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with client(running) as trader:
        yield trader
