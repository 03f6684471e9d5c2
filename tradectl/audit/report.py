"""The audit itself: read, compare, look again at what may only be on its way."""

import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from tradectl.audit import lost
from tradectl.audit.difference import Difference
from tradectl.audit.rules import RULES, Rule
from tradectl.audit.snapshot import Snapshot, Sources
from tradectl.probes.settled import await_rest

LOOKS = 4
"""Services are read one after the other: what differs only because it moved meanwhile is gone at another look."""
BETWEEN_LOOKS = 0.15
"""Seconds."""
SETTLED_WITHIN = 30.0
MOVING = {
    "orders.orders": "order_id",
    "portfolio.deposits": "deposit_id",
    "portfolio.withdrawals": "withdrawal_id",
}
"""What events are about that go from one ledger to the other."""


@dataclass(frozen=True)
class Finding:
    """A difference and the rule that found it."""

    rule: str
    difference: Difference


@dataclass(frozen=True)
class Report:
    """``in_flight`` is what an event explains that is not yet delivered, ``explained`` what a restore does.

    ``differences`` is everything else; those ``left`` are among them: about orders of a time that was lost, which
    the venue alone has.
    """

    differences: list[Finding]
    in_flight: list[Finding]
    counted: dict[str, int]
    seconds: float
    explained: list[Finding] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not self.differences


def audit(sources: Sources, *, settled: bool = False) -> Report:
    """Hold everything against everything; ``settled`` first waits until nothing is under way."""
    began = time.monotonic()
    if settled:
        await_settled(sources)
    snapshot = sources.read()
    findings = compare(snapshot)
    at_rest = sources.settled()
    for _ in range(LOOKS):
        if not findings:
            break
        time.sleep(BETWEEN_LOOKS)
        at_rest()
        snapshot = sources.read()
        findings &= compare(snapshot)
    # Where nothing is under way, and nothing was done since before the last look, no event is on its way: it is lost.
    moving = set(snapshot.in_flight()) if findings and not at_rest() else set()
    in_flight = {each for each in findings if (moving | owners(snapshot, moving)) & set(each.difference.about)}
    explained = {each for each in findings - in_flight if lost.explained(each.rule, each.difference, sources.losses)}
    differences = ordered(findings - in_flight - explained)
    orders = [order for each in sources.losses for order in each.orders]
    return Report(
        differences,
        ordered(in_flight),
        counted(snapshot),
        time.monotonic() - began,
        ordered(explained),
        [each for each in differences if lost.about(each.difference, orders)],
    )


def owners(snapshot: Snapshot, moving: Collection[str]) -> set[str]:
    """The accounts of what is on its way."""
    return {row["account_id"] for place, key in MOVING.items() for row in snapshot.rows(place) if row[key] in moving}


def await_settled(sources: Sources) -> None:
    """Return when two looks agree that nothing is under way; TradectlError naming what is."""
    hint = "`tradectl audit` without --settled lists it as in flight"
    await_rest(sources.settled(), SETTLED_WITHIN, hint=hint)


def compare(snapshot: Snapshot) -> set[Finding]:
    """Every rule's differences."""
    return {Finding(name, difference) for name, rule in RULES.items() for difference in applied(rule, snapshot)}


def applied(rule: Rule, snapshot: Snapshot) -> Iterator[Difference]:
    """A rule's differences; rows that make no sense to it are one."""
    try:
        yield from rule(snapshot)
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        yield Difference("audit", rule.__name__, "rows that make sense", f"{type(error).__name__}: {error}")


def ordered(findings: set[Finding]) -> list[Finding]:
    return sorted(findings, key=lambda each: (each.difference.where, each.difference.key, each.rule))


def counted(snapshot: Snapshot) -> dict[str, int]:
    """How much was compared."""
    found = {
        f"{service}.{table}": len(rows) for service, tables in snapshot.tables.items() for table, rows in tables.items()
    }
    return {**found, "venue.executions": len(snapshot.executions)}
