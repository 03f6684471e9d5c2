"""What ends a loop for life, and what does not."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy.exc import OperationalError

from services.kernel.peers import PeerUnavailable
from services.kernel.service import Service
from services.market_data import store
from services.market_data.gateway import Feed, Leading, Stream, feed, start
from services.market_data.gateway.provider import Provider
from services.market_data.manifest import MANIFEST
from services.runtime import local
from services.runtime.resources import Resources
from tests.eventually import eventually
from tests.integration.market_data.street import KEY, Desk

GONE = OperationalError("INSERT", {}, Exception("gone"), connection_invalidated=True)


@pytest.fixture
async def opened(market: Desk) -> AsyncIterator[tuple[Service, Feed, Provider]]:
    """A feed that leads."""
    local.offer("memory://clock", market.clock)
    urls = {**market.stack.urls, "database": market.stack.parts.database("market_data")}
    resources = Resources(name="market_data", urls=urls, key="k", options={"provider_key": KEY})
    service = await Service.open(MANIFEST, resources, store.metadata)
    symbols, provider, history = await start(service)
    opened = Feed(service, provider, symbols)
    leading = asyncio.ensure_future(Leading(service, opened, history).run())
    await eventually(lambda: opened.leads)
    yield service, opened, provider
    leading.cancel()
    await asyncio.gather(leading, return_exceptions=True)
    await service.close()


@pytest.mark.parametrize("error", [PeerUnavailable("provider"), GONE, ConnectionError("reset"), TimeoutError()])
async def test_keeping_outlives_what_is_lost(
    opened: tuple[Service, Feed, Provider], monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    _, kept, _ = opened
    monkeypatch.setattr(feed, "KEEP_EVERY", 0.001)
    errors = [error, error]
    stored: list[bool] = []

    async def store_all() -> None:
        if errors:
            raise errors.pop()
        stored.append(True)

    monkeypatch.setattr(kept, "store", store_all)
    task = asyncio.ensure_future(kept.keep())
    await eventually(lambda: stored)
    task.cancel()


async def test_a_mistake_of_ours_ends_the_loops_loudly(
    opened: tuple[Service, Feed, Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, kept, provider = opened

    async def mistake(*_: object) -> list[str]:
        raise TypeError("no such thing")

    monkeypatch.setattr(feed, "KEEP_EVERY", 0.001)
    monkeypatch.setattr(kept, "store", mistake)
    monkeypatch.setattr(kept, "take", mistake)
    for loop in (kept.keep, Stream(service, provider, kept).run):
        with pytest.raises(TypeError, match="no such thing"):
            await asyncio.wait_for(loop(), 5)


async def test_while_market_time_stands_a_change_is_stored_at_once(
    opened: tuple[Service, Feed, Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, kept, provider = opened
    monkeypatch.setattr(feed, "KEEP_EVERY", 60.0)
    task = asyncio.ensure_future(kept.keep())
    symbol = next(iter(kept.symbols))
    snapshot = await provider.snapshot(symbol)
    await kept.take([snapshot])
    page = await kept.settled()
    assert page["unkept"]
    assert page["seqs"] == {name: each.seq for name, each in kept.symbols.items()} | {symbol: snapshot.seq}

    async def stored() -> bool:
        return not (await kept.settled())["unkept"]

    await eventually(stored)
    task.cancel()


async def test_what_could_not_be_stored_is_stored_later(
    opened: tuple[Service, Feed, Provider], monkeypatch: pytest.MonkeyPatch
) -> None:
    service, kept, _ = opened
    await kept.store()
    kept.symbols["AAPL"].dirty = True

    def waiting() -> list[str]:
        return [name for name, symbol in kept.symbols.items() if symbol.dirty]

    async def lost(*_: object) -> None:
        raise GONE

    with monkeypatch.context() as patch:
        patch.setattr(service.database, "transact", lost)
        with pytest.raises(OperationalError):
            await kept.store()
    assert waiting() == ["AAPL"]
    await kept.store()
    assert waiting() == []
