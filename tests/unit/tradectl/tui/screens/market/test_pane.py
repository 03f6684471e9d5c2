from tests.eventually import eventually
from tests.unit.tradectl.desk.wires import order, quote, raw, refusing, wire
from tests.unit.tradectl.tui.screens.market.market import Listening, candle, trade, trading
from tradectl.desk.account import Order
from tradectl.desk.state import decoded
from tradectl.tui.widgets.candle_chart import CandleChart

WIDE = (160, 48)


async def test_it_shows_quotes_book_trades_and_candles() -> None:
    app = Listening(await trading())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert app.lines("#quotes")[1].split() == ["▸AAPL", "200.50", "+0.25", "▲", "12.3k"]
        assert app.lines("#quotes")[2].split()[:2] == ["BTCUSDT", "61,837.63"]
        ladder = [line.split() for line in app.lines("#ladder")]
        assert ["300", "▸200.49"] in ladder
        assert ["200.51", "200"] in ladder
        assert app.lines("#tape")[1].split() == ["07:00:02", "200.51", "▲", "7"]
        assert app.lines("#chart")[0].startswith("08-08 07:39  O 200.00")
        assert app.lines("Head")[0].split()[:2] == ["AAPL", "200.50"]


async def test_it_fits_a_small_terminal() -> None:
    app = Listening(await trading())
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        chart, ladder = app.query_one("#chart").region, app.query_one("#ladder").region
        assert ladder.y >= chart.bottom
        assert min(chart.height, ladder.height) >= 6
        assert chart.right <= 80


async def test_what_changes_is_shown_at_the_next_drawing() -> None:
    desk = await trading()
    app = Listening(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        desk.state.apply("quotes:AAPL", whole=False, data=raw(quote("AAPL", "200.60", 2)))
        desk.state.apply("trades:AAPL", whole=False, data=raw(trade(3, "200.60")))
        desk.state.apply("candles:AAPL:1m", whole=False, data=raw(candle(40, "200.60")))
        await eventually(lambda: "200.60" in app.lines("#quotes")[1])
        assert app.lines("#tape")[1].split()[1] == "200.60"
        assert app.lines("#tape")[2].split()[1] == "200.51"
        assert "C 200.60" in app.lines("#chart")[0]


async def test_b_and_s_want_an_order_at_the_ladders_cursor() -> None:
    app = Listening(await trading())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await pilot.press("b", "up", "up", "s", "m")
        assert app.wanted == [
            ("AAPL", "buy", "limit", "200.49"),
            ("AAPL", "sell", "limit", "200.51"),
            ("AAPL", "buy", "market", None),
        ]


async def test_the_next_symbol_of_the_watchlist_is_looked_at() -> None:
    desk = await trading()
    app = Listening(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("n")
        await eventually(lambda: app.lines("Head")[0].split()[0] == "BTCUSDT")
        assert "book:BTCUSDT" in desk.link.wanted
        assert "book:AAPL" not in desk.link.wanted
        assert "07:00:02" not in "".join(app.lines("#tape"))
        await pilot.press("p")
        await eventually(lambda: "07:00:02" in "".join(app.lines("#tape")))


async def test_a_symbol_that_is_searched_for_is_marked_in_the_list() -> None:
    desk = await trading()
    app = Listening(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        desk.look_at("BTCUSDT")
        await eventually(lambda: app.lines("#quotes")[2].startswith("▸BTCUSDT"))


async def test_another_interval_has_other_candles() -> None:
    answering = wire()
    answering.answers["GET /candles/AAPL"] = {"items": [candle(0, "199.10"), candle(5, "199.20")]}
    desk = await trading(answering)
    app = Listening(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("right_square_bracket")
        await eventually(lambda: "C 199.20" in app.lines("#chart")[0])
        assert desk.state.interval == "5m"
        await pilot.press("left_square_bracket", "left_square_bracket")
        await eventually(lambda: "C 200.50" in app.lines("#chart")[0])


async def test_an_interval_can_be_clicked_on() -> None:
    desk = await trading()
    app = Listening(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        await pilot.click("Head", offset=(app.query_one("Head").size.width - 8, 0))
        assert desk.state.interval == "1h"


async def test_candles_that_cannot_be_had_are_asked_for_again() -> None:
    answering = wire()
    answers = [refusing(503, "history_pending"), {"items": [candle(0), candle(5, "199.20")]}]
    answering.answers["GET /candles/AAPL"] = lambda _: answers.pop(0)
    app = Listening(await trading(answering))
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("right_square_bracket")
        await eventually(lambda: any("it is history_pending; trying again" in line for line in app.lines("#chart")))
        await eventually(lambda: "C 199.20" in app.lines("#chart")[0])
        assert app.market.query_one(CandleChart).empty == "No candles yet."


async def test_k_shows_the_candles_alone() -> None:
    app = Listening(await trading())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("k")
        await pilot.pause()
        assert app.query_one("#chart").size.width == 160
        await pilot.press("k")
        await pilot.pause()
        assert app.query_one("#ladder").display
        assert app.query_one("#chart").size.width < 100


async def test_indicators_and_style_change_by_keys() -> None:
    app = Listening(await trading())
    async with app.run_test(size=WIDE) as pilot:
        await pilot.press("i", "y")
        await pilot.pause()
        drawn = "".join(app.lines("#chart"))
        assert "EMA 12 200.50  EMA 26 200.50" in drawn
        assert "RSI 14" in drawn


async def test_own_orders_stand_in_the_ladder() -> None:
    desk = await trading()
    app = Listening(desk)
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        desk.state.orders["o1"] = decoded(raw(order(limit_price="200.48", filled_quantity="4")), Order)
        desk.state.touch("orders")
        await eventually(lambda: ["▸6", "100", "200.48"] in [line.split() for line in app.lines("#ladder")])


async def test_another_language_has_other_headings() -> None:
    app = Listening(await trading(), "ru")
    async with app.run_test(size=WIDE) as pilot:
        await pilot.pause()
        assert app.lines("#quotes")[0].split()[:2] == ["Код", "Цена"]
        assert app.lines("#quotes")[2].split()[1] == "61"  # a narrow blank between the thousands
