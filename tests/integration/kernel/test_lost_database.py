"""What clients are told when the database is cut off, and what is true then."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.chat import app
from services.runtime.killpoints import watch
from services.runtime.resources import Resources
from tests import parts
from tests.cable import Cable
from tests.integration.bff.stack import KEY
from tests.integration.neighbours import neighbourhood
from tests.integration.people import client

pytestmark = pytest.mark.containers("a file cannot be cut off")
SAME = {"Idempotency-Key": "the-same-key"}


@pytest.fixture
async def cable(tmp_path: Path) -> AsyncIterator[Cable]:
    cable = Cable(parts.of(tmp_path).database("chat"))
    yield cable
    await cable.remove()


@pytest.fixture
async def ann(tmp_path: Path, cable: Cable) -> AsyncIterator[httpx.AsyncClient]:
    """A reader and writer of the chat, whose database is at the other end of a cable."""
    async with neighbourhood(tmp_path) as around:
        urls = {**around.stack.urls, "database": await cable.lay()}
        options = {"store.connect_timeout": "0.5"}
        running = await app.run(
            Resources(name="chat", urls=urls, sockets={}, state=tmp_path, seed=0, key=KEY, options=options)
        )
        async with client(running) as ann:
            yield ann
        await running.stop()


async def titles(ann: httpx.AsyncClient) -> list[str]:
    return [topic["title"] for topic in (await ann.get("/chat/topics")).json()["items"]]


def told(answer: httpx.Response) -> tuple[int, Any, Any]:
    return answer.status_code, answer.json()["code"], answer.json()["detail"]


async def test_reads_and_writes_without_the_database_name_it(ann: httpx.AsyncClient, cable: Cable) -> None:
    assert (await ann.post("/chat/topics", json={"title": "before"})).status_code == 201
    await cable.remove()
    lost = (503, "unavailable", "the database of chat does not answer; nothing was done")
    assert told(await ann.get("/chat/topics")) == lost
    assert told(await ann.post("/chat/topics", json={"title": "meanwhile"})) == lost
    ready = await ann.get("/ready")
    assert ready.status_code == 503
    assert ready.json()["checks"]["database"] != "ok"


async def test_a_commit_without_an_answer_is_told_as_unknown_and_the_same_key_does_it_once(
    ann: httpx.AsyncClient, cable: Cable
) -> None:
    await ann.post("/chat/topics", json={"title": "before"})
    watch("uow.before_commit", cable.cut)
    try:
        first = await ann.post("/chat/topics", json={"title": "once"}, headers=SAME)
    finally:
        watch("uow.before_commit", None)
    assert told(first)[:2] == (504, "outcome_unknown")
    for _ in range(2):
        assert (await ann.post("/chat/topics", json={"title": "once"}, headers=SAME)).status_code == 201
    assert sorted(await titles(ann)) == ["before", "once"]
