"""A failure in lines of text, and what the whole run comes to."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tradectl.errors import ExitCode
from tradectl.scenario.matching import found_or_meant, shown
from tradectl.scenario.outcome import Outcome


def exit_code(outcomes: Sequence[Outcome]) -> ExitCode:
    """0 all held, 1 one failed, 3 a sandbox broke: then a failure may be its fault."""
    kinds = {outcome.status for outcome in outcomes}
    if "broke" in kinds:
        return ExitCode.BAD_INPUT
    return ExitCode.CHECK_FAILED if "failed" in kinds else ExitCode.OK


def counted(outcomes: Sequence[Outcome]) -> str:
    """``57 held, 1 failed``"""
    kinds = Counter(str(outcome.status) for outcome in outcomes)
    words = ("held", "failed", "broke", "skipped")
    return ", ".join(f"{kinds[word]} {word}" for word in words if kinds[word]) or "nothing was run"


def told(outcome: Outcome) -> Iterator[str]:
    """All that is known of a failure: the step, what was expected and found, the orders, the timeline."""
    failure = outcome.failure
    if failure is None:
        yield outcome.why
        return
    yield f"{failure.where}: {failure.step}"
    yield failure.said
    for check in failure.checks:
        yield f"  {check['what']}"
        yield f"    expected  {shown(check['expected'])}"
        yield f"    found     {found_or_meant(check['found'], check.get('there', ()))}"
    if failure.orders:
        yield from ("what became of the orders, in market time:", *(f"  {line}" for line in failure.orders))
    if failure.timeline:
        yield from ("what happened, in wall time:", *(f"  {line}" for line in failure.timeline))
    if failure.bundle:
        yield f"run it again: {failure.bundle}/replay.sh"


def printable(text: str) -> str:
    """Without what XML cannot hold."""
    return "".join(each if each in "\n\t" or (each >= " " and each not in "\ufffe\uffff") else "�" for each in text)
