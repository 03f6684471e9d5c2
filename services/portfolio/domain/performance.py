"""How an account did: its equity over time, and what one unit of money that was there all the time became.

The time-weighted return chains the growth between the owner's own deposits and withdrawals, before and after each of
which all is valued at the same prices; so they change the equity, and not the return. Money is exact; a growth is a
quotient of two equities, and is rounded only after 28 digits.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from services.contracts import money
from services.contracts.instruments import Instrument
from services.portfolio.domain.history import Change

Price = Callable[[str, int], int]
"""Of a symbol at a time."""


class Point(NamedTuple):
    """Minor units, and the growth since the first point; that is one."""

    time: int
    equity: int
    growth: Decimal


class Series:
    """A symbol's prices, each known from a time on."""

    def __init__(self, known: Iterable[tuple[int, int]]) -> None:
        self._known = sorted(known)

    def at(self, time: int) -> int:
        """The last price known then; before the first one, that; LookupError when there is none at all."""
        if not self._known:
            raise LookupError("no price is known")
        return self._known[max(bisect_right(self._known, time, key=lambda each: each[0]) - 1, 0)][1]


class Holdings:
    """What an account has in one currency: its money, and instruments that are priced in it."""

    def __init__(
        self, currency: str, amounts: Mapping[str, int], terms: Mapping[str, Instrument], price: Price
    ) -> None:
        self.currency = currency
        self._terms = {symbol: each for symbol, each in terms.items() if each.currency == currency}
        self._amounts = {asset: amount for asset, amount in amounts.items() if asset in self}
        self._price = price

    def __contains__(self, asset: str) -> bool:
        return asset == self.currency or asset in self._terms

    def add(self, change: Change) -> None:
        """Of this currency alone."""
        self._amounts[change.asset] = self._amounts.get(change.asset, 0) + change.amount

    def value(self, time: int) -> int:
        """Minor units."""
        return sum(self._worth(asset, amount, time) for asset, amount in self._amounts.items() if amount)

    def _worth(self, asset: str, amount: int, time: int) -> int:
        if asset == self.currency:
            return amount
        value = abs(amount) * self._price(asset, time)
        worth = money.cost(value, self._terms[asset].value_scale, self.currency)
        return worth if amount > 0 else -worth


def curve(holdings: Holdings, changes: Iterable[Change], moments: Sequence[int]) -> list[Point]:
    """A point a moment; changes in the order of their times, and not before the first moment."""
    base, growth = holdings.value(moments[0]), Decimal(1)
    points = [Point(moments[0], base, growth)]
    waiting = [change for change in reversed(list(changes)) if change.asset in holdings]
    for moment in moments[1:]:
        while waiting and waiting[-1].time <= moment:
            change = waiting.pop()
            if change.external:
                growth *= ratio(holdings.value(change.time), base)
            holdings.add(change)
            if change.external:
                base = holdings.value(change.time)
        equity = holdings.value(moment)
        growth, base = growth * ratio(equity, base), equity
        points.append(Point(moment, equity, growth))
    return points


def ratio(after: int, before: int) -> Decimal:
    """Growth; none of what is nothing, or less, and never to less than nothing."""
    return Decimal(max(after, 0)) / before if before > 0 else Decimal(1)


def drawdown(points: Iterable[Point]) -> Decimal:
    """The deepest fall of the growth from a height before it, 0 to 1: deposits and withdrawals are none."""
    peak, deepest = Decimal(0), Decimal(0)
    for point in points:
        peak = max(peak, point.growth)
        if peak:
            deepest = max(deepest, 1 - point.growth / peak)
    return deepest
