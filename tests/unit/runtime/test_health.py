import asyncio

import pytest

from services.runtime import health
from services.runtime.health import Health


class Condition:
    def __init__(self, answer: str | None = None) -> None:
        self.answer = answer

    async def __call__(self) -> str | None:
        return self.answer


async def test_a_part_is_starting_until_everything_was_met_once() -> None:
    feed = Condition("no quote yet")
    part = Health("market_data", {"feed": feed})
    assert await part.page() == (
        503,
        {"status": "starting", "service": "market_data", "checks": {"feed": "no quote yet"}},
    )
    feed.answer = None
    status, page = await part.page()
    assert (status, page["status"], page["checks"]) == (200, "ready", {"feed": "ok"})


async def test_what_is_lost_later_degrades_a_part_that_still_serves() -> None:
    broker, database = Condition(), Condition()
    part = Health("orders", {"broker": broker, "database": database}, frozenset({"database"}))
    assert await part.unmet() == {}
    broker.answer = "connection refused"
    status, page = await part.page()
    assert (status, page["status"], page["checks"]["broker"]) == (200, "degraded", "connection refused")
    database.answer = "disk full"
    assert (await part.page())[0] == 503


async def test_a_part_that_starts_without_what_it_can_do_without_is_degraded_from_the_first() -> None:
    broker, feed = Condition("connection refused"), Condition("no quote yet")
    part = Health("orders", {"broker": broker, "feed": feed}, dispensable=frozenset({"broker"}))
    assert (await part.page())[0] == 503
    feed.answer = None
    status, page = await part.page()
    assert (status, page["status"], page["checks"]["broker"]) == (200, "degraded", "connection refused")


async def test_an_error_and_silence_are_answers() -> None:
    async def broken() -> str | None:
        raise OSError("gone")

    assert await health.ask(broken) == "gone"


async def test_a_check_that_hangs_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "CHECK_TIMEOUT", 0.01)

    async def hangs() -> str | None:
        return await asyncio.get_running_loop().create_future()  # type: ignore[no-any-return]

    assert await health.ask(hangs) == "no answer within 0.01 s"
