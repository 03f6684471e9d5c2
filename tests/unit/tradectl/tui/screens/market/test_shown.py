from decimal import Decimal

from tests.unit.tradectl.desk.wires import instrument, order, quote, raw
from tests.unit.tradectl.tui.screens.market.market import candle, trade
from tradectl.desk.account import Order
from tradectl.desk.market import Candle, Instrument, Quote, Trade
from tradectl.desk.state import decoded
from tradectl.tui.screens.market.shown import Quoted, bar_of, print_of, resting

AAPL = decoded(raw(instrument("AAPL")), Instrument)


def _quote(last: str) -> Quote:
    found: Quote = decoded(raw(quote("AAPL", last)), Quote)
    return found


def test_a_candle_becomes_a_bar_at_its_time() -> None:
    bar = bar_of(decoded(raw(candle(1, "200.25")), Candle))
    assert (bar.start, bar.close, bar.volume) == (1_723_100_460_000_000, 200.25, 100)


def test_a_trade_becomes_a_print() -> None:
    found = print_of(decoded(raw(trade(5, "200.25", "sell")), Trade))
    assert (found.time, found.price, found.side) == ("07:00:05", Decimal("200.25"), "sell")


def test_a_quote_has_its_change_in_per_cent_and_the_way_it_came() -> None:
    quoted = Quoted()
    row = [quoted.row(AAPL, _quote(last)) for last in ("200.50", "200.50", "201.00")][-1]
    assert (row.change, row.spark) == (Decimal("0.50"), (200.5, 201.0))


def test_a_symbol_without_a_quote_has_a_row_all_the_same() -> None:
    assert Quoted().row(AAPL, None).last is None


def test_what_rests_is_summed_by_price_without_what_is_filled() -> None:
    orders = [
        order("o1", filled_quantity="4"),
        order("o2"),
        order("o3", side="sell"),
        order("o4", status="filled"),
        order("o5", type="market", limit_price=None),
        order("o6", symbol="IBM"),
    ]
    decodeds = [decoded(raw(each), Order) for each in orders]
    assert resting(decodeds, "AAPL", "buy") == {Decimal("200.00"): Decimal(16)}
