"""What users' orders have traded in a day of market time, by symbol."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec
from msgspec.structs import replace

from services.contracts.clock import DAY

Key = tuple[int, str]
"""The start of the day, and the symbol."""
Trader = tuple[int, str, str]
"""The same, and the account."""
Standing = Mapping[Trader, int | None]
"""How many fills of each stand; None for those who were counted before that was kept, and stay."""


class Change(NamedTuple):
    """What a fill adds to a day, or a bust or correction takes from it; ``notional`` in minor units."""

    day: int
    symbol: str
    account_id: str
    currency: str
    fills: int
    notional: int

    @property
    def key(self) -> Key:
        return self.day, self.symbol

    @property
    def trader(self) -> Trader:
        return self.day, self.symbol, self.account_id


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


def day_of(moment: int) -> int:
    """When its day began."""
    return moment - moment % DAY


def standing(before: Standing, changes: Iterable[Change]) -> dict[Trader, int | None]:
    """The same after changes, of those whom they are about."""
    after: dict[Trader, int | None] = {}
    for change in changes:
        stood = after.get(change.trader, before.get(change.trader, 0))
        after[change.trader] = None if stood is None else stood + change.fills
    return after


def tallied(before: Mapping[Key, Tally], changes: Iterable[Change], stood: Standing, stands: Standing) -> list[Tally]:
    """The tallies that change, by changes and by traders who have fills now and had none, or the other way round."""
    changed: dict[Key, Tally] = {}
    for change in changes:
        tally = changed.get(change.key) or before.get(change.key) or Tally(*change.key, change.currency)
        changed[change.key] = replace(
            tally, fills=tally.fills + change.fills, notional=tally.notional + change.notional
        )
    for trader, fills in stands.items():
        tally = changed[trader[:2]]
        more = counts(fills) - counts(stood.get(trader, 0))
        changed[tally.key] = replace(tally, traders=tally.traders + more)
    return [changed[key] for key in sorted(changed)]


def counts(fills: int | None) -> bool:
    """Whether who has so many fills is among the day's traders."""
    return fills is None or fills > 0


def ranked(tallies: Iterable[Tally]) -> list[Tally]:
    """Most traders first, then most fills: notionals of different currencies cannot be compared.

    What was all busted is left out.
    """
    traded = (each for each in tallies if each.fills > 0)
    return sorted(traded, key=lambda each: (-each.traders, -each.fills, each.symbol))
