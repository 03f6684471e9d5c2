"""What a fault makes of market messages on their way to all clients."""

import pytest

from services.contracts.faults import UnfitError
from services.contracts.market import BookDelta, MarketMessage, Trade
from services.runtime import faults
from sim.provider.disturbing import Disturbing
from tests.breaking import broken, mend
from tests.integration.sim.provider.scripted import ScriptedMarket

pytestmark = pytest.mark.usefixtures("mended")


def deltas(symbol: str, count: int = 10) -> list[MarketMessage]:
    market = ScriptedMarket(symbol)
    return [market.delta(symbol) for _ in range(count)]


def disturbing() -> Disturbing:
    return Disturbing(faults.of("provider"), ScriptedMarket("AAPL", "IBM"))


def numbers(messages: list[MarketMessage]) -> list[int]:
    return [message.seq for message in messages]


async def test_a_gap_leaves_messages_out() -> None:
    broken("provider", "provider.gap", percent=50)
    told = numbers(disturbing().messages(deltas("AAPL")))
    assert 0 < len(told) < 10
    assert told == sorted(told)


async def test_a_duplicate_comes_twice() -> None:
    broken("provider", "provider.duplicate", percent=100)
    assert numbers(disturbing().messages(deltas("AAPL", 2))) == [1, 1, 2, 2]


async def test_messages_change_places() -> None:
    broken("provider", "provider.reorder", percent=100)
    assert numbers(disturbing().messages(deltas("AAPL", 4))) == [2, 1, 4, 3]


@pytest.mark.parametrize("kind", ["feed.stale", "feed.gap"])
async def test_a_symbols_fault_is_that_symbols_alone(kind: str) -> None:
    broken("provider", kind, symbol="AAPL", **({"percent": 100} if kind == "feed.gap" else {}))
    told = disturbing().messages([*deltas("AAPL"), *deltas("IBM", 2)])
    assert [message.symbol for message in told] == ["IBM", "IBM"]


class Booked(ScriptedMarket):
    """A book of one level a side."""

    def snapshot(self, symbol: str):  # type: ignore[no-untyped-def]
        from msgspec.structs import replace

        return replace(super().snapshot(symbol), bids=[(10_000, 5)], asks=[(10_010, 5)])


def delta(seq: int) -> BookDelta:
    return BookDelta(symbol="AAPL", seq=seq, prev_seq=seq - 1, time=seq, bids=[(10_000, 7)], asks=[])


async def test_a_crossed_book_has_a_bid_above_the_best_ask_and_ends_with_a_gap() -> None:
    breaking = Disturbing(faults.of("provider"), Booked("AAPL"))
    broken("provider", "feed.crossed", symbol="AAPL")
    (told,) = breaking.messages([delta(1)])
    assert isinstance(told, BookDelta)
    assert told.bids == [(10_011, 1), (10_000, 7)]
    mend("provider")
    assert not breaking.quiet
    assert numbers(breaking.messages([delta(2), delta(3)])) == [3]
    assert breaking.quiet


async def test_a_spike_moves_the_whole_book_and_ends_with_a_gap() -> None:
    breaking = Disturbing(faults.of("provider"), Booked("AAPL"))
    broken("provider", "feed.spike", symbol="AAPL", percent=10)
    first, second = breaking.messages([delta(1), delta(2)])
    assert isinstance(first, BookDelta)
    assert isinstance(second, BookDelta)
    assert first.bids == [(10_000, 0), (11_000, 5)]
    assert first.asks == [(10_010, 0), (11_011, 5)]
    assert second.bids == [(11_000, 7)]
    mend("provider")
    assert breaking.messages([delta(3)]) == []
    assert breaking.messages([delta(4)]) == [delta(4)]


async def test_trades_are_never_made_up() -> None:
    trade = Trade(symbol="AAPL", seq=1, prev_seq=0, time=1, trade_id=1, price=1, quantity=1, aggressor="buy")
    breaking = disturbing()
    broken("provider", "feed.spike", symbol="AAPL")
    broken("provider", "feed.crossed", symbol="AAPL")
    assert breaking.messages([trade]) == [trade]


@pytest.mark.parametrize("kind", ["feed.gap", "feed.stale", "feed.crossed", "feed.spike"])
async def test_a_symbol_that_is_not_listed_is_refused(kind: str) -> None:
    disturbing()
    with pytest.raises(UnfitError, match="NOPE"):
        broken("provider", kind, symbol="NOPE")
