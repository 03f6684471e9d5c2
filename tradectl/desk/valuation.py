"""What is held at the last prices: the platform's own sums are as old as the last booking; Decimal alone."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from tradectl.desk.account import Cash, Portfolio, Position

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Valued:
    """A position; ``value`` and ``profit`` (not realised) are None without a price."""

    position: Position
    last: Decimal | None
    value: Decimal | None
    profit: Decimal | None

    @property
    def part(self) -> Decimal | None:
        """The profit as a part of what it cost."""
        return self.profit / self.position.cost if self.profit is not None and self.position.cost else None


@dataclass(frozen=True)
class Sum:
    """One currency: its cash, what is held in it, and both kinds of profit."""

    cash: Cash
    held: Decimal
    realised: Decimal
    unrealised: Decimal

    @property
    def equity(self) -> Decimal:
        """All there is."""
        return self.cash.total + self.held


def valued(position: Position, last: Decimal | None) -> Valued:
    """At the last price; at the platform's own sum where there is none."""
    if last is None:
        return Valued(position, None, position.market_value, position.unrealised)
    value = last * position.quantity
    return Valued(position, last, value, value - position.cost)


def all_valued(portfolio: Portfolio, last: Mapping[str, Decimal | None]) -> list[Valued]:
    """Positions that there are, the worthiest first; ``last`` by symbol."""
    found = [valued(each, last.get(each.symbol)) for each in portfolio.positions if each.quantity]
    return sorted(found, key=lambda each: (-(each.value or NOTHING), each.position.symbol))


def sums(portfolio: Portfolio, positions: Iterable[Valued]) -> list[Sum]:
    """A currency each, in the portfolio's order; what is not held any more still counts as realised."""
    found = list(positions)
    return [
        Sum(
            cash,
            sum((each.value or NOTHING for each in found if each.position.currency == cash.currency), NOTHING),
            sum((each.realised for each in portfolio.positions if each.currency == cash.currency), NOTHING),
            sum((each.profit or NOTHING for each in found if each.position.currency == cash.currency), NOTHING),
        )
        for cash in portfolio.cash
    ]
