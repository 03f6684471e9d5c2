"""How old beside new is drawn: a line as each phase ends, then what did not hold."""

from typing import TYPE_CHECKING

from tradectl.cli.output import escaped, print_json, stderr, stdout, table
from tradectl.cli.releasing import BAD, GOOD, builtins

if TYPE_CHECKING:
    from tradectl.release.beside.run import Report

NEVER = "nothing was released before this commit, so nothing will run beside it; a commit can be named"


def told(what: str, said: str) -> None:
    """As it goes on."""
    stderr().print(f"{BAD if what == 'failed' else GOOD} {what:<8}[dim]{escaped(said)}[/]", soft_wrap=True)


def show(report: "Report | None", *, json: bool) -> None:
    """What was tried with whom, and what did not hold."""
    if json:
        print_json({**builtins(report), "ok": report.ok} if report else {"ok": True, "earlier": None, "why": NEVER})
        return
    if report is None:
        stdout().print(NEVER, soft_wrap=True)
        return
    table(["", "phase", "s"], [(BAD if each.why else GOOD, escaped(each.phase), each.seconds) for each in report.done])
    for why in (why for each in report.done for why in each.why):
        stdout().print(f"{BAD} {escaped(why)}", soft_wrap=True)
    colour, verdict = ("green", "runs beside this one") if report.ok else ("bold red", "does not run beside this one")
    stdout().print(f"[{colour}]{escaped(report.earlier.name)} {verdict}[/]")
