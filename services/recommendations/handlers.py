"""What recommendations do: watch closed bars, raise signals with their reasons."""

from collections.abc import Sequence

from services.contracts.events.recommendations import SignalRaised
from services.contracts.ids import new_id
from services.contracts.market import Bar
from services.kernel.uow import UnitOfWork
from services.recommendations import store
from services.recommendations.domain import words
from services.recommendations.domain.record import Past, Record, record_of, replay
from services.recommendations.domain.strategies import Name


def review(name: Name, bars: Sequence[Bar], price_scale: int) -> list[SignalRaised]:
    """The signals that a strategy raises on stored bars: the latest before the market's start, and all after it.

    Strength, words and record come from the bars alone. A month of bars takes up to 30 ms: not for the event loop.
    """
    past = replay(name, bars, price_scale)
    behind = [each for each in past if each.bar.historical][-1:]
    live = [each for each in past if not each.bar.historical]
    record = record_of(past)
    return [signal_of(name, each, record) for each in (*behind, *live)]


def signal_of(name: Name, past: Past, record: Record) -> SignalRaised:
    """The signal in words, with its numbers."""
    bar, sighting = past.bar, past.sighting
    return SignalRaised(
        signal_id=new_id(),
        symbol=bar.symbol,
        strategy=name,
        side=sighting.side,
        strength=sighting.strength,
        horizon="1h",
        reason=words.reason(name, sighting, record),
        numbers=words.numbers_of(sighting),
        record=dict(words.record_numbers(record)),
        bar_start=bar.start,
        historical=bar.historical,
    )


async def raise_signals(uow: UnitOfWork, signals: Sequence[SignalRaised]) -> None:
    """Keep and tell signals, each once whatever is repeated."""
    for signal in signals:
        if await store.add(uow, signal):
            uow.emit(signal)
