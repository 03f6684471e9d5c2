"""The audit again and again, each time on a cut of its own, until a difference stays."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count

from tradectl.audit.report import Finding, Report, audit
from tradectl.audit.snapshot import Sources
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http

Place = tuple[str, str, str]
"""Rule, column and row: while there is trade, the values of a wrong row may differ from cut to cut."""
Audit = Callable[[], Report]


@dataclass(frozen=True)
class Cut:
    """One audit; ``stays`` is what differed in the cut before it, too. ``unread`` says why there is no report."""

    number: int
    report: Report | None
    stays: list[Finding]
    unread: str = ""


def place(finding: Finding) -> Place:
    return finding.rule, finding.difference.where, finding.difference.key


def reading(sources: Callable[[], Sources]) -> Audit:
    """An audit of a sandbox whose addresses are asked anew each time; TradectlError when it is not up any more."""
    return lambda: audit(sources())


def cuts(look: Audit, every: float, lasting: float | None = None, *, on: bool = False) -> Iterator[Cut]:
    """A cut every so many seconds, at least two, until so many are over or a difference stays.

    ``on`` goes on after that. A cut that a part did not answer for is told and proves nothing: what differed before it
    has to differ after it.
    """
    ends = None if lasting is None else time.monotonic() + lasting
    before: set[Place] = set()
    read = 0
    for number in count(1):
        began = time.monotonic()
        cut = taken(number, look, before)
        yield cut
        if cut.stays and not on:
            return
        if cut.report is not None:
            read += 1
            before = {place(each) for each in cut.report.differences}
        if ends is not None and time.monotonic() >= ends and (read >= 2 or cut.report is None):
            break
        time.sleep(max(0.0, began + every - time.monotonic()))
    if not read:
        raise TradectlError("no cut could be read", "`tradectl ps` says how the parts are", ExitCode.NOT_UP)


def taken(number: int, look: Audit, before: set[Place]) -> Cut:
    """One cut, and what of it stood before."""
    try:
        report = look()
    except http.UnreachableError as error:
        return Cut(number, None, [], str(error))
    return Cut(number, report, [each for each in report.differences if place(each) in before])
