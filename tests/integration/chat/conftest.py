"""The chat on a real database, with two people in front of it."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.integration.chat.forum import Desk
from tests.integration.neighbours import neighbourhood
from tests.integration.people import client


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with neighbourhood(tmp_path) as around, around.stack.part("chat") as running:
        yield around, running


@pytest.fixture
async def ann(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with client(desk[1], "ann") as writer:
        yield writer


@pytest.fixture
async def bob(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with client(desk[1], "bob") as writer:
        yield writer
