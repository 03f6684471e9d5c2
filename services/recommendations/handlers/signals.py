"""Signals on closed bars: raised with their reasons, each once."""

from collections.abc import Sequence

from services.contracts.events.recommendations import SignalRaised
from services.contracts.ids import new_id
from services.kernel.uow import UnitOfWork
from services.recommendations.domain import words
from services.recommendations.domain.record import Past, Record, record_of
from services.recommendations.domain.strategies import Name
from services.recommendations.domain.watch import Watch
from services.recommendations.store import signals as store


def review(watch: Watch, name: Name) -> list[SignalRaised]:
    """The signals that a strategy raises on stored bars: the latest before the market's start, and all after it.

    Strength, words and record come from the bars alone.
    """
    past = watch.past(name)
    behind = [each for each in past if each.bar.historical][-1:]
    live = [each for each in past if not each.bar.historical]
    record = record_of(past)
    return [signal_of(watch.symbol, name, each, record) for each in (*behind, *live)]


def latest(watch: Watch, name: Name) -> SignalRaised:
    """The signal that a strategy has just raised."""
    past = watch.past(name)
    return signal_of(watch.symbol, name, past[-1], record_of(past))


def signal_of(symbol: str, name: Name, past: Past, record: Record) -> SignalRaised:
    """The signal in words, with its numbers."""
    bar, sighting = past.bar, past.sighting
    return SignalRaised(
        signal_id=new_id(),
        symbol=symbol,
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


async def raise_signals(uow: UnitOfWork, signals: Sequence[SignalRaised]) -> list[SignalRaised]:
    """Keep and tell signals, each once whatever is repeated; those that are new."""
    new = [signal for signal in signals if await store.add(uow, signal)]
    for signal in new:
        uow.emit(signal)
    return new
