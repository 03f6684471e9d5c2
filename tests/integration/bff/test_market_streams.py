"""Quotes, books and trades by the WebSocket: a snapshot, then every change, without a hole."""

import asyncio

from tests.integration.bff.market import TestMarket
from tests.integration.bff.stack import Stack
from tests.integration.bff.wire import Book, entered


async def test_a_book_is_a_snapshot_and_then_its_changes(
    running: Stack, market: TestMarket, ann: dict[str, str]
) -> None:
    async with entered(running, ann) as client:
        await client.subscribe("book:AAPL")
        first = await client.of("book:AAPL")
        assert (first["type"], first["prev_seq"]) == ("snapshot", None)
        assert first["data"]["bids"] == [["199.90", "100"], ["199.80", "200"]]
        assert first["data"]["asks"] == [["200.10", "150"], ["200.20", "50"]]
        await market.levels("AAPL", [(19_990, 0)], [(20_005, 7)])
        second = await client.of("book:AAPL")
        assert (second["type"], second["prev_seq"]) == ("delta", first["seq"])
        assert second["data"]["bids"] == [["199.90", "0"]]
        assert second["data"]["asks"] == [["200.05", "7"]]


async def test_trades_between_two_book_changes_make_no_hole(
    running: Stack, market: TestMarket, ann: dict[str, str]
) -> None:
    async with entered(running, ann) as client:
        await client.subscribe("book:AAPL", "trades:AAPL")
        book = Book()
        book.take(await client.of("book:AAPL"))
        await market.trade("AAPL", 20_010, 10)
        trade = await client.of("trades:AAPL", "delta")
        assert trade["data"]["price"] == "200.10"
        assert (trade["prev_seq"], trade["seq"]) == (0, 1)
        await market.levels("AAPL", [], [(20_010, 140)])
        book.take(await client.of("book:AAPL"))
        assert book.sides["asks"]["200.10"] == "140"


async def test_a_burst_is_conflated_for_books_and_quotes_and_whole_for_trades(
    running: Stack, market: TestMarket, ann: dict[str, str]
) -> None:
    async with entered(running, ann) as client:
        await client.subscribe("book:BTCUSDT", "trades:BTCUSDT", "quotes:BTCUSDT")
        for _ in range(3):
            await client.until(lambda message: message["type"] == "snapshot")
        for number in range(1_000):
            await market.trade("BTCUSDT", 6_183_764, 1 + number)
            await market.levels("BTCUSDT", [(6_183_700 - number % 50, number)], [])
        trades: list[int] = []
        counts = {"book": 0, "quotes": 0}
        while len(trades) < 1_000:
            for message in await client.read():
                if message["channel"] == "trades:BTCUSDT":
                    assert message["prev_seq"] == message["seq"] - 1
                    trades.append(message["data"]["id"])
                elif message["type"] == "delta":
                    counts[message["channel"].partition(":")[0]] += 1
        assert trades == list(range(1, 1_001))
        assert 1 <= counts["book"] < 100
        assert 1 <= counts["quotes"] < 100


async def test_whoever_comes_in_the_middle_ends_on_the_same_book(
    running: Stack, market: TestMarket, ann: dict[str, str]
) -> None:
    async def move() -> None:
        for number in range(300):
            side = [(6_183_000 + number % 40, number % 7)]
            await market.levels("BTCUSDT", side, [(6_184_000 + number % 30, number % 5)])
            await market.trade("BTCUSDT", 6_183_764, 1)
            await asyncio.sleep(0)

    moving = asyncio.ensure_future(move())
    books = []
    for _ in range(3):
        async with entered(running, ann) as client:
            await client.subscribe("book:BTCUSDT")
            book = Book()
            book.take(await client.of("book:BTCUSDT"))
            if not moving.done():
                await moving
            await market.levels("BTCUSDT", [(1, 1)], [])
            while "0.01" not in book.sides["bids"]:
                book.take(await client.of("book:BTCUSDT"))
            await market.levels("BTCUSDT", [(1, 0)], [])
            while "0.01" in book.sides["bids"]:
                book.take(await client.of("book:BTCUSDT"))
            books.append(book.sides)
    kept = market.symbols["BTCUSDT"].book
    expected = {f"{price // 100}.{price % 100:02}" for price in kept.bids}
    assert all(set(book["bids"]) == expected for book in books)
    assert books[0] == books[1] == books[2]


async def test_a_hole_is_mended_by_a_new_snapshot(running: Stack, market: TestMarket, ann: dict[str, str]) -> None:
    async with entered(running, ann) as client:
        await client.subscribe("book:AAPL", "trades:AAPL")
        book = Book()
        book.take(await client.of("book:AAPL"))
        await market.lose("AAPL", [(19_970, 5)], [])
        await market.levels("AAPL", [(19_960, 6)], [])
        again = await client.of("book:AAPL", "snapshot")
        book.take(again)
        assert book.sides["bids"]["199.70"] == "5"
        assert book.sides["bids"]["199.60"] == "6"
        await market.levels("AAPL", [(19_960, 0)], [])
        book.take(await client.of("book:AAPL", "delta"))
        assert "199.60" not in book.sides["bids"]


async def test_two_clients_share_one_look_at_the_market(
    running: Stack, market: TestMarket, ann: dict[str, str]
) -> None:
    async with entered(running, ann) as first, entered(running, ann) as second:
        await first.subscribe("book:AAPL")
        await first.of("book:AAPL")
        await second.subscribe("book:AAPL", "trades:AAPL")
        await second.of("book:AAPL")
        assert market.views == 1


async def test_a_quote_is_the_last_one_and_then_the_next(
    running: Stack, market: TestMarket, ann: dict[str, str]
) -> None:
    async with entered(running, ann) as client:
        await client.subscribe("quotes:AAPL")
        first = await client.of("quotes:AAPL")
        assert (first["type"], first["data"]["bid"], first["data"]["ask_size"]) == ("snapshot", "199.90", "150")
        await market.levels("AAPL", [(20_000, 3)], [])
        second = await client.of("quotes:AAPL")
        assert (second["type"], second["prev_seq"], second["data"]["bid"]) == ("delta", first["seq"], "200.00")


async def test_an_unknown_symbol_and_an_unknown_channel_are_refused_by_name(
    running: Stack, ann: dict[str, str]
) -> None:
    async with entered(running, ann) as client:
        await client.subscribe("book:NOPE", "weather:AAPL", "quotes:AAPL")
        answers = [await client.until(lambda _: True) for _ in range(3)]
        codes = {answer["channel"]: answer.get("code") for answer in answers}
        assert codes == {"book:NOPE": "unknown_symbol", "weather:AAPL": "unknown_channel", "quotes:AAPL": None}
