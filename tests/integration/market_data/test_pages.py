"""What traders see, and what they may not ask."""

from base64 import urlsafe_b64encode

import httpx

from services.contracts.clock import HOUR, MINUTE, SECOND
from services.contracts.times import rfc3339
from services.runtime.resources import Running
from tests.eventually import eventually
from tests.integration.market_data.street import START, TODAY, Desk
from tests.integration.people import client


async def follows(ann: httpx.AsyncClient, field: str, value: object) -> None:
    """Until AAPL's quote says so."""

    async def said() -> bool:
        return bool((await ann.get("/quotes/AAPL")).json()[field] == value)

    await eventually(said)


async def test_instruments_carry_their_terms_and_todays_band(ann: httpx.AsyncClient) -> None:
    first = (await ann.get("/instruments")).json()["items"][0]
    assert first["symbol"] == "AAPL"
    assert first["reference_price"] == "99.00"
    assert first["price_band"] == {"low": "79.20", "high": "118.80"}
    assert (first["maker_fee"], first["taker_fee"]) == ("0.000100", "0.000300")


async def test_a_quote_follows_book_and_trades(market: Desk, ann: httpx.AsyncClient) -> None:
    market.street.bid("AAPL", 10_000)
    market.street.traded("AAPL", 10_005, 3, after=SECOND)
    await follows(ann, "last", "100.05")
    quote = (await ann.get("/quotes/AAPL")).json()
    assert (quote["bid"], quote["bid_size"], quote["ask"], quote["stale"]) == ("100.00", "10", "100.10", False)
    assert quote["time"] == rfc3339(START + SECOND)
    several = (await ann.get("/quotes?symbols=MSFT,AAPL")).json()["items"]
    assert [each["symbol"] for each in several] == ["MSFT", "AAPL"]


async def test_the_book_shows_its_best_levels_and_its_number(market: Desk, ann: httpx.AsyncClient) -> None:
    market.street.bid("AAPL", 10_000)
    await follows(ann, "bid", "100.00")
    book = (await ann.get("/book/AAPL?depth=1")).json()
    assert (book["bids"], book["asks"], book["seq"]) == ([["100.00", "10"]], [["100.10", "7"]], 1)


async def test_trades_come_newest_first_and_page_by_page(market: Desk, ann: httpx.AsyncClient) -> None:
    for price in range(10_001, 10_008):
        market.street.traded("AAPL", price)
    await follows(ann, "last", "100.07")
    seen: list[int] = []
    query = "?limit=3"
    while query:
        page = (await ann.get(f"/trades/AAPL{query}")).json()
        seen += [trade["id"] for trade in page["items"]]
        query = f"?limit=3&cursor={page['next']}" if page["next"] else ""
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert (await ann.get("/trades/MSFT")).json() == {"items": [], "next": None}


async def test_the_day_that_forms_has_its_minutes_from_before_the_start(market: Desk, ann: httpx.AsyncClient) -> None:
    market.street.traded("AAPL", 10_000, 5, after=SECOND)
    await follows(ann, "last", "100.00")
    (day,) = (await ann.get(f"/candles/AAPL?interval=1d&from={rfc3339(TODAY)}")).json()["items"]
    # Eight hours have ten minutes each behind them, at 90.00 to 90.07; then one trade of five.
    assert (day["open"], day["high"], day["low"], day["close"]) == ("90.00", "100.00", "89.99", "100.00")
    assert (day["volume"], day["trades"], day["closed"]) == (str(8 * 10 * 3 + 5), 81, False)
    assert (await ann.get("/quotes/AAPL")).json()["open"] == "90.00"


async def test_candles_of_the_last_thirty_days_are_there(ann: httpx.AsyncClient) -> None:
    span = f"from={rfc3339(TODAY - 30 * 24 * HOUR)}&to={rfc3339(TODAY)}"
    days = (await ann.get(f"/candles/AAPL?interval=1d&{span}")).json()["items"]
    assert len(days) == 30
    assert all(day["volume"] == "720" and day["closed"] for day in days)
    hours = (await ann.get(f"/candles/AAPL?interval=1h&{span}")).json()["items"]
    assert len(hours) == 720


async def test_more_candles_than_fit_come_from_the_oldest_on_without_a_hole(ann: httpx.AsyncClient) -> None:
    span = f"from={rfc3339(TODAY - 30 * 24 * HOUR)}&to={rfc3339(START + HOUR)}"
    items = (await ann.get(f"/candles/AAPL?interval=1m&{span}")).json()["items"]
    assert len(items) == 1_500
    assert items[0]["start"] == rfc3339(TODAY - 30 * 24 * HOUR)
    assert items[-1]["start"] == rfc3339(TODAY - 30 * 24 * HOUR + 149 * HOUR + 9 * MINUTE)


REFUSED = [
    ("/quotes/NONE", 404, "unknown_symbol"),
    ("/quotes?symbols=AAPL,,MSFT", 404, "unknown_symbol"),
    ("/book/NONE", 404, "unknown_symbol"),
    ("/book/AAPL?depth=0", 422, "invalid"),
    ("/book/AAPL?depth=many", 422, "invalid"),
    ("/trades/NONE", 404, "unknown_symbol"),
    ("/trades/AAPL?cursor=nonsense", 404, "bad_cursor"),
    ("/trades/AAPL?cursor=WyJhIl0", 404, "bad_cursor"),
    ("/trades/AAPL?limit=201", 422, "invalid"),
    ("/candles/NONE", 404, "unknown_symbol"),
    ("/candles/AAPL?interval=2m", 422, "invalid"),
    ("/candles/AAPL?from=yesterday", 422, "invalid"),
    ("/candles/AAPL?from=2024-08-08T07:00:00", 422, "invalid"),
    ("/candles/AAPL?from=2024-02-30T07:00:00Z", 422, "invalid_time"),
    ("/candles/AAPL?from=2024-08-08T07:00:00Z&to=soon", 422, "invalid"),
    ("/candles/AAPL?from=2024-08-09T07:00:00Z&to=2024-08-08T07:00:00Z", 422, "invalid_time"),
    ("/candles/AAPL?from=" + "9" * 50, 422, "invalid"),
    ("/nothing", 404, "not_found"),
]
NUMBERS = [2**63, -(2**63), 2**70, -1, 0, 10**6]


async def test_what_cannot_be_asked_is_a_problem_with_a_code(ann: httpx.AsyncClient) -> None:
    for path, status, code in REFUSED:
        answer = await ann.get(path)
        assert (answer.status_code, answer.json()["code"]) == (status, code), path


async def test_a_cursor_with_any_number_gets_a_page_or_a_refusal(ann: httpx.AsyncClient) -> None:
    for number in NUMBERS:
        cursor = urlsafe_b64encode(b"[%d]" % number).rstrip(b"=").decode()
        assert (await ann.get(f"/trades/AAPL?cursor={cursor}")).status_code in {200, 404}, number


async def test_strangers_get_nothing(running: Running) -> None:
    async with client(running, None) as stranger:
        assert (await stranger.get("/quotes")).status_code == 401
    async with client(running) as trader:
        for path in ("/internal/instruments", "/internal/market/AAPL", "/internal/bars/AAPL?interval=1m"):
            assert (await trader.get(path)).status_code == 404


async def test_other_services_fetch_instruments_books_and_bars_as_integers(running: Running) -> None:
    async with client(running, None) as peer:
        listed = (await peer.get("/internal/instruments")).json()
        assert [(each["symbol"], each["reference"]) for each in listed] == [("AAPL", 9_900), ("MSFT", 9_900)]
        view = (await peer.get("/internal/market/AAPL")).json()
        assert view["book"]["bids"] == [[9_990, 10]]
        query: dict[str, str | int] = {"interval": "5m", "from": TODAY - 24 * HOUR, "to": TODAY, "limit": 10}
        async with client(running) as trader:  # for whom history is stored at once
            await trader.get(f"/candles/AAPL?from={rfc3339(TODAY - HOUR)}")
        bars = (await peer.get("/internal/bars/AAPL", params=query)).json()
        assert [bar["historical"] for bar in bars] == [True] * 10
        assert (await peer.get("/internal/bars/AAPL", params=query | {"from": 2**80})).status_code == 422
