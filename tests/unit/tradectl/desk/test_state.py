from tests.unit.tradectl.desk.wires import order, portfolio, quote, raw
from tradectl.desk.market import Series
from tradectl.desk.state import EVERYTHING, State


def candle(start: str, close: str, volume: str, *, closed: bool = False) -> dict[str, object]:
    prices = {"open": "10.00", "high": close, "low": "10.00", "close": close}
    return {"start": f"2024-08-08T{start}:00Z", **prices, "volume": volume, "trades": 1, "closed": closed}


def test_what_came_is_told_once() -> None:
    state = State()
    state.apply("quotes:AAPL", whole=True, data=raw(quote("AAPL")))
    state.apply("quotes:AAPL", whole=False, data=raw(quote("AAPL", "201.00", 2)))
    assert state.drain() == {"quotes:AAPL"}
    assert state.drain() == set()
    assert str(state.quotes["AAPL"].last) == "201.00"


def test_a_symbol_without_a_quote_is_not_among_the_quotes() -> None:
    state = State()
    state.apply("quotes:AAPL", whole=True, data=raw(None))
    assert state.quotes.get("AAPL") is None
    assert list(state.quotes) == []


def test_a_level_of_zero_is_gone() -> None:
    state = State()
    whole = {"symbol": "AAPL", "time": "2024-08-08T07:10:00Z", "bids": [["9.9", "5"], ["9.8", "7"]], "asks": []}
    state.apply("book:AAPL", whole=True, data=raw(whole))
    state.apply("book:AAPL", whole=False, data=raw({**whole, "bids": [["9.9", "0"], ["9.7", "1"]]}))
    assert [str(price) for price, _ in state.books["AAPL"].bids()] == ["9.8", "9.7"]


def test_an_order_that_a_snapshot_after_a_cut_lacks_is_not_open_any_more() -> None:
    state = State()
    state.apply("orders", whole=True, data=raw({"items": [order("o1"), order("o2")]}))
    state.apply("orders", whole=True, data=raw({"items": [order("o2")]}))
    assert [each.id for each in state.open_orders] == ["o2"]


def test_an_order_event_changes_the_order_and_happens_once() -> None:
    state = State()
    event = {"event": "order_cancelled", "order": order("o1", status="cancelled"), "fill": None}
    state.apply("orders", whole=False, data=raw(event))
    assert state.open_orders == []
    assert [each.event for each in state.happenings] == ["order_cancelled"]  # type: ignore[union-attr]


def test_minutes_go_on_with_longer_bars_and_are_counted_once() -> None:
    state = State()
    state.apply("candles:AAPL:1m", whole=True, data=raw({"items": [candle("07:10", "10.00", "5")]}))
    minutes = state.series["AAPL", "1m"]
    state.series["AAPL", "5m"] = Series("5m", minutes.bars, minutes.bars[-1])
    state.drain()
    state.apply("candles:AAPL:1m", whole=False, data=raw(candle("07:10", "10.50", "7", closed=True)))
    state.apply("candles:AAPL:1m", whole=False, data=raw(candle("07:11", "10.20", "1")))
    state.apply("candles:AAPL:1m", whole=False, data=raw(candle("07:15", "10.10", "2")))
    assert state.drain() == {"candles:AAPL:1m", "candles:AAPL:5m"}
    assert [(str(bar.close), str(bar.volume)) for bar in state.series["AAPL", "5m"].bars] == [
        ("10.20", "8"),
        ("10.10", "2"),
    ]
    assert len(minutes.bars) == 3


def test_a_delta_of_the_portfolio_is_no_portfolio() -> None:
    state = State()
    state.apply("portfolio", whole=True, data=raw(portfolio("5.00")))
    state.apply("portfolio", whole=False, data=raw({"symbol": "AAPL", "quantity": "1"}))
    assert str(state.portfolio.cash[0].free) == "5.00"


def test_everything_has_every_key() -> None:
    assert "quotes:AAPL" in EVERYTHING
