"""The mailer goes on when something is lost, and ends with a mistake of ours."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from services.kernel.service import Service
from services.notifications.gateway import Mailer, courier
from services.notifications.gateway.figures import Figures
from services.notifications.manifest import MANIFEST
from services.runtime import local
from services.runtime.resources import Resources
from tests import parts
from tests.eventually import eventually

GONE = OperationalError("SELECT", {}, Exception("gone"), connection_invalidated=True)


@pytest.fixture
async def mailer(tmp_path: Path) -> AsyncIterator[Mailer]:
    urls = {
        "broker": parts.of(tmp_path).broker,
        "cache": parts.of(tmp_path).cache,
        "database": parts.of(tmp_path).database("notifications"),
        "mail.smtp": "smtp://127.0.0.1:1",
    }
    local.clear()
    service = await Service.open(MANIFEST, Resources(name="notifications", urls=urls, key="k"))
    yield Mailer(service, Figures(service.metrics))
    await service.close()
    await service.broker.close()


async def test_a_lost_database_is_waited_for(mailer: Mailer, monkeypatch: pytest.MonkeyPatch) -> None:
    errors: list[Exception] = [GONE, ConnectionError("reset"), TimeoutError()]
    rounds: list[int] = []

    async def send_due() -> int:
        if errors:
            raise errors.pop()
        rounds.append(1)
        return 0

    monkeypatch.setattr(courier, "IDLE", 0.001)
    monkeypatch.setattr(mailer, "send_due", send_due)
    task = asyncio.ensure_future(mailer.run())
    await eventually(lambda: rounds)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_mistake_of_ours_ends_it_loudly(mailer: Mailer, monkeypatch: pytest.MonkeyPatch) -> None:
    async def send_due() -> int:
        raise TypeError("no such thing")

    monkeypatch.setattr(mailer, "send_due", send_due)
    with pytest.raises(TypeError, match="no such thing"):
        await mailer.run()
