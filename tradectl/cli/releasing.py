"""How releases are drawn: progress while they are made, tables afterwards."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tradectl.cli.output import escaped, print_json, stderr, stdout, table
from tradectl.errors import ExitCode, TradectlError

if TYPE_CHECKING:
    from tradectl.release.assembly.draft import Plan
    from tradectl.release.assembly.publication import Check
    from tradectl.release.evidence import Evidence
    from tradectl.release.record import Release
    from tradectl.release.scans.finding import Scan, Scanned
    from tradectl.release.scans.report import Report

GOOD, BAD = "[green]✓[/]", "[bold red]✗[/]"


def quiet(*_: object) -> None:
    """JSON comes at the end, whole."""


def told(what: str, said: str) -> None:
    """A line as each step is done."""
    stderr().print(f"{GOOD} {what:<10}[dim]{escaped(said)}[/]", soft_wrap=True)


def builtins(document: Any) -> Any:
    """As JSON has it."""
    return msgspec.to_builtins(document)


def scanned(which: "Scan", done: "Scanned", seconds: float) -> None:
    """A line as each scan ends."""
    stderr().print(f"{GOOD} {which.value:<14}{len(done.findings)} findings [dim]{seconds:.1f} s[/]")


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


def show_plan(plan: "Plan", *, json: bool) -> None:
    """What would be built."""
    if json:
        print_json({"version": plan.version, "commit": plan.commit, "registry": plan.registry.address})
        return
    stdout().print(f"[bold]{plan.version}[/] of {plan.commit[:9]} would be built into {plan.registry.address}")


def show_release(release: "Release", seen: "Sequence[Evidence]" = (), *, json: bool) -> None:
    """The whole record, and what was seen of it."""
    if json:
        print_json({**builtins(release), "evidence": builtins(list(seen))})
        return
    stdout().print(f"[bold]{release.version}[/] of {release.commit[:9]}, built {release.built}")
    parts = {**release.images, **release.charts}
    table(["part", "address"], [(name, part.address) for name, part in parts.items()])
    contracts = [f"{each.service} {each.revision}" for each in release.migrations if each.mark == "contract"]
    stdout().print(f"{len(release.migrations)} migrations; contract: {', '.join(contracts) or 'none'}")
    for name, digest in release.files.items():
        stdout().print(f"{name} [dim]sha256:{digest[:16]}[/]")
    show_evidence(seen)


def show_evidence(seen: "Sequence[Evidence]") -> None:
    """What was seen, the last at the end."""
    for each in sorted(seen, key=lambda one: one.at):
        where = f" in {each.environment}" if each.environment else ""
        mark = GOOD if each.ok else BAD
        stdout().print(f"{mark} {each.kind.value}{where} [dim]{each.at}[/] {escaped(each.said)}", soft_wrap=True)


def show_checks(checks: "Sequence[Check]", *, json: bool) -> None:
    """Each signature, and why it does not hold."""
    if json:
        print_json(
            {
                "ok": not any(each.why for each in checks),
                "checks": [{"what": each.what, "ok": not each.why, "why": each.why} for each in checks],
            }
        )
        return
    for each in checks:
        why = f" {escaped(each.why)}" if each.why else ""
        stdout().print(f"{BAD if why else GOOD} {escaped(each.what)}{why}", soft_wrap=True)


def standard(root: Path, commit: str) -> list[str]:
    """The standard scenarios of a release; TradectlError for a checkout of another commit."""
    from tradectl.release.git import Repository
    from tradectl.scenario.load import load_all

    if (there := Repository(root).commit) != commit:
        said = f"the checkout is at {there[:9]}, the release is not: its scenarios may be others"
        raise TradectlError(said, f"git checkout {commit[:9]}", ExitCode.CONFLICT)
    return [each.name for each in load_all([root / "scenarios"])]
