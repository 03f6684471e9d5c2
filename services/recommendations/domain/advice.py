"""What one user may want to look at: signals on what he holds or watches, too much in one instrument, idle money.

Currencies are looked at one by one: there is no rate between them. Shares are per cents of what the user has in one.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

import msgspec

from services.contracts.clock import DAY
from services.contracts.events.recommendations import SignalRaised
from services.recommendations.domain.strategies import Side

Kind = Literal["signals", "concentration", "idle_cash"]
Because = Literal["held", "watched"]
FRESH = DAY
"""Older signals say nothing any more; of market time."""
CONCENTRATED = Decimal(40)
IDLE = Decimal(50)


class Cash(msgspec.Struct, frozen=True):
    """Money of one currency."""

    currency: str
    total: Decimal
    free: Decimal


class Position(msgspec.Struct, frozen=True):
    """One instrument; no value while it has no price."""

    symbol: str
    currency: str
    quantity: Decimal
    market_value: Decimal | None


class Holdings(msgspec.Struct, frozen=True):
    """As the portfolio shows them to their owner."""

    cash: list[Cash] = []
    positions: list[Position] = []

    @property
    def held(self) -> frozenset[str]:
        """Symbols of what is there."""
        return frozenset(each.symbol for each in self.positions if each.quantity)


@dataclass(frozen=True, slots=True)
class Advice:
    """``weight`` is from 0 to 100; ``symbol`` is missing of idle cash, ``currency`` and numbers of signals.

    ``because`` says of signals why they are shown.
    """

    kind: Kind
    weight: int
    symbol: str | None = None
    currency: str | None = None
    side: Side | None = None
    because: Because | None = None
    numbers: dict[str, str] = field(default_factory=dict)
    signals: tuple[SignalRaised, ...] = ()


def advised(holdings: Holdings, watched: Collection[str], signals: Iterable[SignalRaised]) -> list[Advice]:
    """All that there is to say, the weightiest first."""
    symbols = holdings.held.union(watched)
    because: dict[str, Because] = {each: "held" if each in holdings.held else "watched" for each in symbols}
    found = [*of_signals(because, signals), *concentrations(holdings), *idle(holdings)]
    return sorted(found, key=lambda each: (-each.weight, each.kind, each.symbol or each.currency or ""))


def of_signals(because: Mapping[str, Because], signals: Iterable[SignalRaised]) -> Iterator[Advice]:
    """A symbol's latest signal of each strategy, and the side that they lean to; nothing where they cancel out."""
    latest: dict[str, dict[str, SignalRaised]] = defaultdict(dict)
    for signal in sorted(signals, key=lambda each: each.bar_start):
        if signal.symbol in because:
            latest[signal.symbol][signal.strategy] = signal
    for symbol, by_strategy in latest.items():
        each = sorted(by_strategy.values(), key=lambda signal: (-signal.strength, signal.strategy))
        leaning = sum(signal.strength if signal.side == "buy" else -signal.strength for signal in each)
        if leaning:
            side: Side = "buy" if leaning > 0 else "sell"
            strongest = max(signal.strength for signal in each if signal.side == side)
            yield Advice("signals", strongest, symbol, side=side, because=because[symbol], signals=tuple(each))


def concentrations(holdings: Holdings) -> Iterator[Advice]:
    """Positions that are more than two fifths of what the user has in their currency."""
    equities = equity_of(holdings)
    for each in holdings.positions:
        equity = equities.get(each.currency)
        if equity and each.market_value is not None and (share := percent(each.market_value, equity)) > CONCENTRATED:
            numbers = {"share": str(share), "value": str(each.market_value), "equity": str(equity)}
            yield Advice("concentration", min(round(share), 100), each.symbol, each.currency, numbers=numbers)


def idle(holdings: Holdings) -> Iterator[Advice]:
    """Free money that is more than half of what the user has in the currency."""
    equities = equity_of(holdings)
    for each in holdings.cash:
        equity = equities.get(each.currency)
        if equity and (share := percent(each.free, equity)) > IDLE:
            numbers = {"share": str(share), "free": str(each.free), "equity": str(equity)}
            yield Advice("idle_cash", min(round(share), 100), currency=each.currency, numbers=numbers)


def equity_of(holdings: Holdings) -> dict[str, Decimal]:
    """By currency, cash and positions; not where a price is missing, or nothing is left."""
    sums: dict[str, Decimal] = defaultdict(Decimal)
    unknown = {each.currency for each in holdings.positions if each.quantity and each.market_value is None}
    for each in holdings.cash:
        sums[each.currency] += each.total
    for position in holdings.positions:
        sums[position.currency] += position.market_value or 0
    return {currency: equity for currency, equity in sums.items() if equity > 0 and currency not in unknown}


def percent(part: Decimal, whole: Decimal) -> Decimal:
    """One decimal."""
    return (100 * part / whole).quantize(Decimal("0.1"), ROUND_HALF_UP)
