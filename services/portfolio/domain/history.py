"""An account's past by its ledger: what each line adds to what the owner has, or takes from it."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

OWN = frozenset({"cash", "position"})
"""Books of what the owner has; all others are somebody else's, or what it was spent on."""
OUTSIDE = "outside"


class Change(NamedTuple):
    """``amount`` is signed, in the asset's units; ``external`` when the owner brought or took it."""

    time: int
    cause: str
    kind: str
    asset: str
    amount: int
    external: bool


def change_of(line: Mapping[Any, Any]) -> Change:
    """A line of the ledger as the owner sees it: each touches one book of his."""
    external = OUTSIDE in (line["debit"], line["credit"])
    return Change(line["time"], line["cause"], line["kind"], line["asset"], signed(line), external)


def signed(line: Mapping[Any, Any]) -> int:
    """What it adds to the owner's books."""
    amount = int(line["amount"])
    return (amount if line["debit"] in OWN else 0) - (amount if line["credit"] in OWN else 0)


def balances(lines: Iterable[Mapping[Any, Any]]) -> dict[str, int]:
    """What the owner has of each asset after these lines, or sums of lines."""
    found: dict[str, int] = {}
    for line in lines:
        found[line["asset"]] = found.get(line["asset"], 0) + signed(line)
    return found
