"""A platform that is up, as a test holds it."""

from dataclasses import dataclass
from typing import Any

from tradectl.audit.report import Report, audit
from tradectl.digest.digest import Digest, digest
from tradectl.probes.settled import await_rest
from tradectl.scenario.commands import tradectl
from tradectl.scenario.failures import Unmet
from tradectl.scenario.target import Target
from tradectl.testing.telling import told
from tradectl.trader.client import PREFIX

SHOWN = 5
"""Differences of an audit that are told."""
SETTLED_WITHIN = 30.0
"""Seconds."""


@dataclass(frozen=True)
class Sandbox:
    """``target`` is the sandbox as scenarios know it."""

    target: Target

    def __repr__(self) -> str:
        return f"Sandbox({self.name}, {self.target.door})"

    @property
    def name(self) -> str:
        """As `--name` takes it."""
        return self.target.here.name

    @property
    def door(self) -> str:
        """The BFF's address: ``http://127.0.0.1:PORT``."""
        return self.endpoints["bff.http"]

    @property
    def api(self) -> str:
        """What every path of the API begins with."""
        return f"{self.door}{PREFIX}"

    @property
    def endpoints(self) -> dict[str, str]:
        """The address of every port, by ``part.port``; TradectlError when it is not up any more."""
        return self.target.held_by().endpoints()

    @told
    def settle(self, within: float = SETTLED_WITHIN) -> None:
        """Return when nothing is under way; TradectlError naming what is after so many seconds."""
        hint = "`within=` gives it longer; a fault that lasts keeps it from coming to rest"
        await_rest(self.target.sources().settled(), within, hint=hint)

    @told
    def audit(self, *, settled: bool = True) -> Report:
        """Every account and order held against the venue's record; Unmet where they differ.

        Without ``settled`` it does not wait, and what is under way is no difference.
        """
        report = audit(self.target.sources(), settled=settled)
        if report.differences:
            rows = [f"{each.rule}: {each.difference}" for each in report.differences]
            more = f"\nand {len(rows) - SHOWN} more" if len(rows) > SHOWN else ""
            raise Unmet(f"the audit found {len(rows)} differences:\n" + "\n".join(rows[:SHOWN]) + more)
        return report

    @told
    def digest(self, within: float = SETTLED_WITHIN) -> Digest:
        """What was traded and what came of it, once it is settled: ``value`` is the hash, ``lines`` what went in."""
        self.settle(within)
        return digest(self.target.sources())

    @told
    def tradectl(self, *words: str) -> Any:
        """The JSON of one of the tool's verbs here, such as ``tradectl("restart", "orders")``; Broke when it fails."""
        return tradectl(*words, "--name", self.name)
