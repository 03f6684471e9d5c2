"""Candles agree with their trades and with each other, wherever the service was cut."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from services.contracts.clock import DAY, MINUTE
from services.contracts.market import Bar, Trade
from services.market_data.domain.candles import LENGTHS, Candles, Forming, Interval, merged
from services.market_data.domain.symbol import Symbol
from tests.unit.market_data.making import START, Print, instrument, prints, symbol, tape

FAR = START + 1_000 * DAY


def made(some: list[Print]) -> list[Bar]:
    """All bars of all intervals, closed."""
    candles = Candles("BTCUSDT")
    bars: list[Bar] = []
    for time, price, quantity in some:
        bars += candles.close_until(time)
        candles.add(time, price, quantity)
    return bars + candles.close_until(FAR)


def expected(some: list[Print], interval: Interval) -> list[Bar]:
    """By the definition, from all trades at once."""
    length = LENGTHS[interval]
    groups: dict[int, list[Print]] = {}
    for each in some:
        groups.setdefault(each.time // length * length, []).append(each)
    return [
        Bar(
            symbol="BTCUSDT",
            interval=interval,
            start=start,
            open=group[0].price,
            high=max(each.price for each in group),
            low=min(each.price for each in group),
            close=group[-1].price,
            volume=sum(each.quantity for each in group),
            trades=len(group),
        )
        for start, group in groups.items()
    ]


@given(prints)
def test_every_candle_is_what_its_trades_make(some: list[Print]) -> None:
    bars = made(some)
    for interval in LENGTHS:
        assert [bar for bar in bars if bar.interval == interval] == expected(some, interval)


@given(prints)
def test_longer_candles_are_their_minutes_merged(some: list[Print]) -> None:
    bars = made(some)
    minutes = [bar for bar in bars if bar.interval == "1m"]
    for interval in LENGTHS:
        assert merged(minutes, interval) == [bar for bar in bars if bar.interval == interval]


@given(prints, st.data())
def test_time_alone_closes_candles_as_the_next_trade_would(some: list[Print], data: st.DataObject) -> None:
    candles, bars = Candles("BTCUSDT"), list[Bar]()
    following = [each.time for each in some[1:]] + [FAR]
    for (time, price, quantity), then in zip(some, following, strict=True):
        candles.add(time, price, quantity)
        bars += candles.close_until(data.draw(st.integers(time, then)))
        bars += candles.close_until(then)
    for interval in LENGTHS:
        assert [bar for bar in bars if bar.interval == interval] == expected(some, interval)


@given(prints, st.integers(1, 39))
def test_a_day_begun_by_stored_minutes_is_the_whole_day(some: list[Print], cut: int) -> None:
    """As at the market's start: minutes of before it are given, trades of after it come."""
    border = some[min(cut, len(some) - 1)].time // MINUTE * MINUTE
    before = [each for each in some if each.time < border]
    after = [each for each in some if each.time >= border]
    candles = Candles("BTCUSDT")
    minutes = expected(before, "1m")
    bars: list[Bar] = []
    for interval in LENGTHS:
        longer = merged(minutes, interval)
        bars += longer[:-1]
        if longer:
            candles.resume(interval, longer[-1])
    for time, price, quantity in after:
        bars += candles.close_until(time)
        candles.add(time, price, quantity)
    bars += candles.close_until(FAR)
    for interval in LENGTHS:
        assert [bar for bar in bars if bar.interval == interval] == expected(some, interval)


class Database:
    """What one transaction keeps, as the store does: closed bars, and how far the symbol is."""

    def __init__(self) -> None:
        self.bars: list[Bar] = []
        self.progress = (0, b"{}")

    def keep(self, known: Symbol) -> None:
        self.bars += known.closed
        known.stored(len(known.closed))
        self.progress = (known.trade_id, msgspec.json.encode(known.candles.forming))

    def load(self) -> Symbol:
        trade_id, forming = self.progress
        candles = Candles("BTCUSDT", msgspec.json.decode(forming, type=dict[Interval, Forming]))
        return Symbol(instrument(), 10_000, candles, trade_id)


@given(prints, st.lists(st.sampled_from(["keep", "kill", "nothing"]), min_size=40, max_size=40))
def test_no_candle_loses_or_doubles_a_trade_wherever_the_service_is_killed(
    some: list[Print], events: list[str]
) -> None:
    trades, database = tape(some), Database()
    known = database.load()
    for trade, event in zip(trades, events, strict=False):
        known.trade(trade)
        if event == "keep":
            database.keep(known)
        elif event == "kill":
            known = database.load()
            catch_up(known, trades[: trade.trade_id])
    known.pass_time(FAR)
    database.keep(known)
    for interval in LENGTHS:
        assert [bar for bar in database.bars if bar.interval == interval] == expected(some, interval)


def catch_up(known: Symbol, trades: list[Trade]) -> None:
    """By the last trade's id; some come twice."""
    for trade in trades[max(known.trade_id - 2, 0) :]:
        known.trade(trade)


def test_a_trade_that_comes_again_changes_nothing() -> None:
    known, (trade, *_) = symbol(), tape([Print(START, 10_000, 5)])
    known.trade(trade)
    known.trade(trade)
    assert known.candles.forming["1m"].volume == 5
    assert len(known.recent) == 1
