"""CSV files of trades and of bars as the crypto pair's feed."""

from pathlib import Path

import pytest

from services.contracts.clock import MINUTE
from services.contracts.times import from_rfc3339
from sim.feeds.errors import FeedError
from sim.feeds.table import Table, check_table
from sim.listings import listings
from sim.venue.market import Market
from sim.venue.record import Record
from sim.venue.setup import is_table

ORIGIN = from_rfc3339("2024-08-08T07:10:00Z")
INSTRUMENT = listings()["BTCUSDT"].instrument
TRADES = "time,price,quantity,side\n1723161254,61837.63,0.02,sell\n1723161255.5,x,1,buy\n1723161256,61840.10,0.5,buy\n"
BARS = "time,open,high,low,close,volume\n1723161240000,100,120,90,110,5\n1723161300000,110,110,80,81,7\n"


def written(tmp_path: Path, content: str) -> Path:
    path = tmp_path / "feed.csv"
    path.write_text(content, encoding="utf-8")
    return path


def played(path: Path, until: int, again: int = 0) -> tuple[Market, Table]:
    market = Market(INSTRUMENT, Record())
    market.tape.status = "open"
    table = Table(path, INSTRUMENT, ORIGIN, seed=7, unit=2_000)
    if again:
        table.play(market, again)
        table = Table(path, INSTRUMENT, ORIGIN, seed=7, unit=2_000).load(table.save(), market)
    table.play(market, until)
    return market, table


def test_trades_are_printed_at_their_times_and_bad_rows_skipped(tmp_path: Path) -> None:
    market, table = played(written(tmp_path, TRADES), ORIGIN + MINUTE)
    trades = [(trade.time - ORIGIN, trade.price, trade.quantity, trade.aggressor) for trade in market.tape.trades]
    assert trades == [(0, 6_183_763, 2_000, "sell"), (2_000_000, 6_184_010, 50_000, "buy")]
    assert (table.skipped, table.due()) == (1, None)


@pytest.mark.parametrize("again", [0, ORIGIN + 20_000_000, ORIGIN + 70_000_000])
def test_bars_are_met_by_the_trades_inside_them(tmp_path: Path, again: int) -> None:
    market, _ = played(written(tmp_path, BARS), ORIGIN + 3 * MINUTE, again)
    for start, bar in (
        (0, (10_000, 12_000, 9_000, 11_000, 500_000)),
        (MINUTE, (11_000, 11_000, 8_000, 8_100, 700_000)),
    ):
        trades = [t for t in market.tape.trades if start <= t.time - ORIGIN < start + MINUTE]
        prices = [trade.price for trade in trades]
        assert (prices[0], max(prices), min(prices), prices[-1], sum(t.quantity for t in trades)) == bar


def test_a_table_is_told_from_a_recording(tmp_path: Path) -> None:
    assert is_table(written(tmp_path, TRADES))
    assert not is_table(written(tmp_path, '1 {"e":"trade","p":"1"}\n'))


@pytest.mark.parametrize(
    ("content", "said"),
    [("a,b,c\n1,2,3\n", "line 1 names neither"), (BARS + "1723161360000,1,2\n", "line 4"), (TRADES, "line 3")],
)
def test_a_bad_table_is_refused_in_words(tmp_path: Path, content: str, said: str) -> None:
    with pytest.raises(FeedError, match=said):
        check_table(written(tmp_path, content), INSTRUMENT)
