"""What users' orders have traded in a day of market time, by symbol."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import replace

from services.contracts.clock import DAY
from services.contracts.orders import Fill

Key = tuple[int, str]
"""The start of the day, and the symbol."""
Trader = tuple[int, str, str]
"""The same, and the account."""


class Tally(msgspec.Struct, frozen=True):
    """Accounts that traded, their fills, and what those cost together, minor units."""

    day: int
    symbol: str
    currency: str
    traders: int = 0
    fills: int = 0
    notional: int = 0

    @property
    def key(self) -> Key:
        return self.day, self.symbol

    def with_fill(self, fill: Fill) -> "Tally":
        """One fill more."""
        return replace(self, fills=self.fills + 1, notional=self.notional + fill.cost)

    def with_traders(self, new: int) -> "Tally":
        """So many accounts more."""
        return replace(self, traders=self.traders + new)


def day_of(moment: int) -> int:
    """When its day began."""
    return moment - moment % DAY


def traders_of(fills: Iterable[Fill]) -> set[Trader]:
    """Who traded what on which day."""
    return {(day_of(fill.time), fill.symbol, fill.account_id) for fill in fills}


def tallied(before: dict[Key, Tally], fills: Iterable[Fill], new: Iterable[Trader]) -> list[Tally]:
    """The tallies that change, by fills and by traders who were not among the day's yet."""
    changed: dict[Key, Tally] = {}
    for fill in fills:
        key = (day_of(fill.time), fill.symbol)
        tally = changed.get(key) or before.get(key) or Tally(*key, fill.currency)
        changed[key] = tally.with_fill(fill)
    for day, symbol, _ in new:
        changed[day, symbol] = changed[day, symbol].with_traders(1)
    return [changed[key] for key in sorted(changed)]


def ranked(tallies: Iterable[Tally]) -> list[Tally]:
    """Most traders first, then most fills: notionals of different currencies cannot be compared."""
    return sorted(tallies, key=lambda each: (-each.traders, -each.fills, each.symbol))
