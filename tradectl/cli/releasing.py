"""How releases are drawn: progress while they are made, tables afterwards."""

from typing import TYPE_CHECKING, Any

import msgspec

from tradectl.cli.output import escaped, stderr, stdout, table

if TYPE_CHECKING:
    from tradectl.release.scans.finding import Scan, Scanned
    from tradectl.release.scans.report import Report


def quiet(*_: object) -> None:
    """JSON comes at the end, whole."""


def builtins(document: Any) -> Any:
    """As JSON has it."""
    return msgspec.to_builtins(document)


def scanned(which: "Scan", done: "Scanned", seconds: float) -> None:
    """A line as each scan ends."""
    stderr().print(f"[green]✓[/] {which.value:<14}{len(done.findings)} findings [dim]{seconds:.1f} s[/]")


def show_scans(report: "Report") -> None:
    """What is open, then what is worth knowing."""
    if report.open:
        rows = [
            (each.severity.value, each.scan.value, each.rule, f"{each.path}:{each.line}", each.said, each.mark)
            for each in report.open
        ]
        columns = ["", "scan", "rule", "where", "what", "mark"]
        table(columns, [[escaped(cell) for cell in row] for row in rows])
    for note in (*report.notes, *(f"no longer accepted: {each}" for each in report.expired)):
        stdout().print(f"[yellow]![/] {escaped(note)}", soft_wrap=True)
    for each in report.idle:
        stdout().print(f"[yellow]•[/] accepted, but not there: {escaped(each)}")
    colour = "green" if report.ok else "bold red"
    stdout().print(f"[{colour}]{report.said}[/]")


def show_list(rows: list[dict[str, Any]]) -> None:
    """Releases, and where each is."""
    shown = [(each["version"], each["commit"][:9], each["built"], ", ".join(each["environments"])) for each in rows]
    table(["release", "commit", "built", "in"], shown)
