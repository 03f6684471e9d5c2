"""The digest of the sandbox, and whether it is one that was saved or given."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from tradectl.digest.differing import Differing, differing
from tradectl.digest.digest import Digest, digest
from tradectl.scenario.failures import Unmet
from tradectl.scenario.matching import Mismatch
from tradectl.scenario.model import looking as model
from tradectl.scenario.names import ANY
from tradectl.scenario.stage import Stage
from tradectl.trader.client import Client
from tradectl.trader.failures import Failed

MOST = 5
"""Differences that are told."""


def digested(stage: Stage, _: Client, named: str, __: model.Condition) -> Any:
    """``value``, ``counted`` and ``lines``, once nothing is under way; Unmet when it is another than the one meant."""
    sources = stage.target.sources()
    settled = sources.settled()
    if (settled(), settled())[1] is None:
        raise Failed(f"something is under way: {', '.join(settled.under_way) or 'it has just been done'}")
    found = digest(sources)
    if named != ANY:
        compared(found, meant(stage.values.get(named, named)))
    return {"value": found.value, "counted": found.counted, "lines": list(found.lines)}


def meant(saved: Any) -> Mapping[str, Any]:
    """A digest that was saved whole, or its digits alone."""
    if isinstance(saved, str):
        return {"value": saved, "lines": []}
    if isinstance(saved, dict) and {"value", "lines"} <= saved.keys():
        return saved
    raise Failed("what was saved under this name is no digest: `expect: {digest: any}` makes one")


def compared(found: Digest, wanted: Mapping[str, Any]) -> None:
    """Unmet when it is not the same, with the first rows that differ where they are known."""
    if found.value != wanted["value"]:
        told = [Mismatch("digest", wanted["value"], found.value)]
        raise Unmet("the digest", [*told, *rows_that_differ(wanted["lines"], found.lines)])


def rows_that_differ(before: Sequence[str], after: Sequence[str]) -> list[Mismatch]:
    """Column by column; nothing where only the digits are known."""
    if not before:
        return []
    both = (map(json.loads, before), map(json.loads, after))
    return [each for one in differing(*both) for each in columns_of(one)][:MOST]


def columns_of(one: Differing) -> list[Mismatch]:
    """Of a row that only one side has, the whole row."""
    row = one.left or one.right or {}
    whose = " ".join(str(row[name]) for name in ("account", "client_order_id", "currency", "symbol") if row.get(name))
    what = f"{one.kind} {one.number} ({whose})"
    if one.left is None or one.right is None:
        return [Mismatch(what, one.left, one.right)]
    return [Mismatch(f"{what} {name}", one.left.get(name), one.right.get(name)) for name in one.columns]
