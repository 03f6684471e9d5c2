"""A portfolio that is open, and its owner."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from services.runtime.resources import Running
from tests.integration.neighbours import Neighbourhood
from tests.integration.people import client
from tests.integration.portfolio.desk import open_desk


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[tuple[Neighbourhood, Running]]:
    async with open_desk(tmp_path) as opened:
        yield opened


@pytest.fixture
def around(desk: tuple[Neighbourhood, Running]) -> Neighbourhood:
    return desk[0]


@pytest.fixture
def running(desk: tuple[Neighbourhood, Running]) -> Running:
    return desk[1]


@pytest.fixture
async def ann(running: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with client(running, "ann") as owner:
        yield owner
