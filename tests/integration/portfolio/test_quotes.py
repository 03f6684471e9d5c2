"""What a position is worth when the cache has no quote, or is not there."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import msgspec
import pytest
from fastapi import FastAPI, Response

from services.contracts.market import Quote
from services.kernel.cache import cache_for
from services.runtime import local
from services.runtime.resources import Running
from tests.integration.neighbours import AAPL, Neighbourhood, neighbourhood, settled
from tests.integration.outage import nowhere
from tests.integration.people import client
from tests.integration.portfolio.desk import filled, order, placed

QUOTE = Quote(symbol="AAPL", seq=1, time=1, bid=22_999, bid_size=1, ask=23_001, ask_size=1, last=23_000)


@pytest.fixture
async def around(tmp_path: Path) -> AsyncIterator[Neighbourhood]:
    """Market data says quotes, and there is no Redis."""
    async with neighbourhood(tmp_path) as made:
        offer_market_data()
        with nowhere() as url:
            made.stack.urls["cache"] = url
            yield made
            await cache_for(url).close()


@pytest.fixture
async def running(around: Neighbourhood) -> AsyncIterator[Running]:
    async with around.stack.part("portfolio") as service:
        state = order(quantity=10)
        await around.publish(placed(state), filled(state, 10, 20_000))
        await settled(service)
        yield service


@pytest.fixture
async def ann(running: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with client(running) as owner:
        yield owner


def offer_market_data() -> None:
    app = FastAPI()

    @app.get("/internal/instruments")
    async def instruments() -> Response:
        return Response(msgspec.json.encode([AAPL]))

    @app.get("/internal/quotes")
    async def quotes(names: str) -> Response:
        return Response(msgspec.json.encode({name: QUOTE for name in names.split(",") if name == "AAPL"}))

    local.offer("asgi://market_data", app)


async def value(ann: httpx.AsyncClient) -> str | None:
    (position,) = (await ann.get("/portfolio")).json()["positions"]
    worth: str | None = position["market_value"]
    return worth


async def test_market_data_is_asked_for_a_quote_that_the_cache_cannot_give(ann: httpx.AsyncClient) -> None:
    assert await value(ann) == "2300.00"
    body = {"asset": "AAPL", "amount": "2"}
    answer = await ann.post("/portfolio/deposits", json=body, headers={"Idempotency-Key": "first"})
    assert answer.status_code == 201


async def test_without_market_data_too_the_value_is_unknown_and_the_rest_is_as_it_was(ann: httpx.AsyncClient) -> None:
    local.offer("asgi://market_data", None)
    assert await value(ann) is None
    (position,) = (await ann.get("/portfolio")).json()["positions"]
    assert (position["quantity"], position["cost"]) == ("10", "2000.00")


async def test_the_service_is_ready_but_for_its_cache(running: Running) -> None:
    assert set(await running.ready()) == {"cache"}
