"""What a user watches: his own, in his order, and nothing that is no instrument."""

import httpx
import msgspec
import pytest

from services.contracts.events.market_data import InstrumentListed
from services.contracts.instruments import Instrument
from tests.eventually import eventually
from tests.integration.bff.stack import Mailbox, Stack, bearer, logged_in, registered
from tests.integration.neighbours import BTCUSDT, enveloped

PATH = "/me/watchlist"


@pytest.fixture
async def ann(client: httpx.AsyncClient, mailbox: Mailbox) -> dict[str, str]:
    await registered(client, mailbox, "ann@example.org")
    return bearer(await logged_in(client, "ann@example.org"))


async def put(client: httpx.AsyncClient, header: dict[str, str], *symbols: str) -> httpx.Response:
    """The answer, once the instruments are known."""

    async def known() -> httpx.Response | None:
        answer = await client.put(PATH, json={"symbols": symbols}, headers=header)
        return None if answer.status_code == 503 else answer

    return await eventually(known)


async def test_a_watchlist_is_kept_in_its_order_for_its_user_alone(
    auth: Stack, client: httpx.AsyncClient, mailbox: Mailbox, ann: dict[str, str]
) -> None:
    assert (await client.get(PATH, headers=ann)).json() == {"symbols": [], "updated_at": None}
    assert (await put(client, ann, "IBM", "AAPL")).json()["symbols"] == ["IBM", "AAPL"]
    assert (await put(client, ann, "AAPL", "IBM")).status_code == 200
    assert (await client.get(PATH, headers=ann)).json()["symbols"] == ["AAPL", "IBM"]
    await registered(client, mailbox, "bob@example.org")
    bob = bearer(await logged_in(client, "bob@example.org"))
    assert (await client.get(PATH, headers=bob)).json()["symbols"] == []
    assert (await put(client, ann)).json()["symbols"] == []


@pytest.mark.parametrize(
    ("symbols", "code", "field"),
    [
        (["AAPL", "NOPE"], "unknown_symbol", "symbols.1"),
        (["AAPL", "IBM", "AAPL"], "duplicate_symbol", "symbols.2"),
        (["AAPL", "a b"], "invalid", "symbols.1"),
    ],
)
async def test_a_watchlist_with_one_wrong_symbol_changes_nothing(
    client: httpx.AsyncClient, ann: dict[str, str], symbols: list[str], code: str, field: str
) -> None:
    await put(client, ann, "IBM")
    refused = await client.put(PATH, json={"symbols": symbols}, headers=ann)
    assert (refused.status_code, refused.json()["code"], refused.json()["field"]) == (422, code, field)
    assert (await client.put(PATH, json={"symbols": [], "name": "mine"}, headers=ann)).status_code == 422
    assert (await client.get(PATH, headers=ann)).json()["symbols"] == ["IBM"]


async def test_what_was_listed_later_may_be_watched(
    auth: Stack, client: httpx.AsyncClient, ann: dict[str, str]
) -> None:
    assert (await put(client, ann, "BTCUSDT")).json()["code"] == "unknown_symbol"
    instrument = msgspec.convert(msgspec.to_builtins(BTCUSDT), Instrument)
    await auth.broker.publish([enveloped(InstrumentListed(symbol="BTCUSDT", instrument=instrument))])

    async def watched() -> bool:
        return (await put(client, ann, "BTCUSDT")).status_code == 200

    await eventually(watched)
