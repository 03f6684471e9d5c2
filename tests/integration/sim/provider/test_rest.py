"""The provider's REST pages on a real socket."""

from collections.abc import AsyncIterator

import httpx
import pytest

from services.contracts.clock import DAY, MINUTE
from tests.integration.sim.provider.scripted import KEY, ScriptedMarket, provider


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with provider(ScriptedMarket("AAPL", "IBM")) as server:
        url = f"http://127.0.0.1:{server.port}"
        async with httpx.AsyncClient(base_url=url, headers={"X-API-Key": KEY}) as made:
            yield made


async def test_instruments_are_listed_as_the_contract_has_them(client: httpx.AsyncClient) -> None:
    answer = (await client.get("/instruments")).json()
    assert [(one["symbol"], one["price_scale"], one["tick"]) for one in answer] == [("AAPL", 2, 1), ("IBM", 2, 1)]


async def test_references_are_the_prices_that_bands_stand_around(client: httpx.AsyncClient) -> None:
    assert (await client.get("/references")).json() == {"AAPL": 9_900, "IBM": 9_900}


async def test_a_snapshot_says_at_which_number_it_stands(client: httpx.AsyncClient) -> None:
    assert (await client.get("/snapshot/AAPL")).json()["seq"] == 0


async def test_trades_are_fetched_after_an_id(client: httpx.AsyncClient) -> None:
    answer = await client.get("/trades", params={"symbol": "AAPL", "after": 2, "limit": 2})
    assert [trade["trade_id"] for trade in answer.json()] == [3, 4]


async def test_bars_are_those_of_the_span(client: httpx.AsyncClient) -> None:
    answer = await client.get("/bars", params={"symbol": "AAPL", "from": 0, "to": 3 * MINUTE})
    assert [bar["start"] for bar in answer.json()] == [0, MINUTE, 2 * MINUTE]


async def test_bars_of_more_than_a_month_are_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get("/bars", params={"symbol": "AAPL", "from": 0, "to": 32 * DAY})
    assert answer.status_code == 400


@pytest.mark.parametrize("page", ["/instruments", "/snapshot/AAPL", "/status", "/bars?symbol=AAPL&from=0&to=0"])
async def test_without_the_key_there_is_nothing_to_see(client: httpx.AsyncClient, page: str) -> None:
    assert (await client.get(page, headers={"X-API-Key": "wrong"})).status_code == 401


@pytest.mark.parametrize("page", ["/snapshot/NOPE", "/trades?symbol=NOPE", "/bars?symbol=NOPE&from=0&to=0"])
async def test_an_unknown_symbol_is_not_found(client: httpx.AsyncClient, page: str) -> None:
    assert (await client.get(page)).status_code == 404


@pytest.mark.parametrize(
    "page",
    [
        "/trades",
        "/trades?symbol=AAPL&after=x",
        "/trades?symbol=AAPL&limit=0",
        "/trades?symbol=AAPL&after=99999999999999999999",
    ],
)
async def test_a_malformed_question_is_refused(client: httpx.AsyncClient, page: str) -> None:
    assert (await client.get(page)).status_code == 422
