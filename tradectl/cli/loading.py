"""How loads are drawn: progress while they run, tables afterwards."""

from collections.abc import Mapping, Sequence
from typing import Any

from tradectl.cli.output import escaped, print_json, stderr, stdout, table
from tradectl.load.comparison import Change
from tradectl.load.page import shown
from tradectl.load.result import Run
from tradectl.load.run import Told

COLUMNS = ("count", "rate", "p50", "p95", "p99", "max")


def quiet(_: str, __: Mapping[str, Any]) -> None:
    """JSON comes at the end, whole."""


def teller(*, json: bool) -> Told:
    """A line a second where somebody looks, one for each thing done elsewhere."""
    return quiet if json else _tell


def _tell(kind: str, said: Mapping[str, Any]) -> None:
    if kind == "second":
        stderr().print(
            f"{said['t']:>4} of {said['of']:g} s  {said['rate']:6.1f}/s of {said['due']:>4}  "
            f"p50 {said['p50']:7.1f} ms  p99 {said['p99']:7.1f} ms  {said['errors']} errors  "
            f"[dim]late {said['lag']:.1f} ms, busy {said['busy'] * 100:.0f} %[/]"
        )
    elif kind == "users":
        if said["ready"] == said["of"] or stderr().is_terminal:
            stderr().print(f"[green]✓[/] {said['ready']} of {said['of']} users")
    else:
        stderr().print(f"[dim]{WORDS[kind]}[/]")


WORDS = {"settling": "until nothing is under way any more", "audit": "the audit"}


def summary(run: Run) -> dict[str, Any]:
    """A run as `--json` prints it: its verdicts and figures, without its seconds."""
    measured, saturation = run.measurement, run.saturation
    return {
        "id": run.id,
        "ok": run.exit_code == 0,
        "verdicts": [{"threshold": v.threshold, "measured": v.measured, "holds": v.holds} for v in run.verdicts],
        "requests": measured.summary(),
        "saturated": saturation.why,
        "generator": {"lag_p99_ms": round(saturation.lag_p99 * 1_000, 2), "busy": saturation.busy},
        "late": round(saturation.late, 4),
        "memory_growth": round(measured.memory_growth(), 4),
        "aborted": run.aborted,
        "audit": None if run.audit is None else {field: getattr(run.audit, field) for field in AUDITED},
        **{field: getattr(run, field) for field in HEAD},
    }


AUDITED = ("clean", "differences", "orders", "fills", "first")
HEAD = ("scenario", "shape", "users", "rate", "duration", "workers", "seed", "began", "backend", "sandbox")


def show(run: Run) -> None:
    """Figures, then what they were held to."""
    measured = run.measurement
    rows = []
    for name, row in measured.summary().items():
        errors = row["errors"] if isinstance(row["errors"], int) else said(row["errors"])
        rows.append((name, *(row[column] for column in COLUMNS), errors))
    table(["request", "count", "/s", "p50 ms", "p95 ms", "p99 ms", "max ms", "errors"], rows, title=run.id)
    for verdict in run.verdicts:
        stdout().print(f"{_mark(verdict.holds)} {verdict.threshold}  [dim]{verdict.measured}[/]")
    if run.audit is not None:
        found = "every account agrees" if run.audit.clean else f"{run.audit.differences} differences, {run.audit.first}"
        stdout().print(f"{_mark(run.audit.clean)} audit  [dim]{escaped(found)}, {run.audit.orders} orders[/]")
    saturation = run.saturation
    if saturation.why:
        stdout().print(f"[bold red]✗[/] the generator was saturated: {saturation.why}; these figures are its own")
    if saturation.late > 0.1 and not saturation.why:
        said_late = f"{saturation.late * 100:.0f} % of the requests waited for their own user"
        stdout().print(f"[yellow]•[/] {said_late}: more --users wait for each other less")
    if run.aborted:
        stdout().print(f"[bold red]✗[/] ended early: {escaped(run.aborted)}")


def said(errors: Mapping[str, int]) -> str:
    return ", ".join(f"{count}× {escaped(kind)}" for kind, count in errors.items())


def _mark(holds: bool) -> str:
    return "[green]✓[/]" if holds else "[bold red]✗[/]"


def show_changes(changes: Sequence[Change], *, json: bool) -> None:
    """What got worse, with how sure that is."""
    if json:
        print_json({"changes": [{**vars(each), "verdict": each.verdict} for each in changes]})
        return
    rows = [
        (
            each.what,
            shown(each, each.before),
            shown(each, each.after),
            f"{each.low:.2f} to {each.high:.2f}",
            {"worse": "[bold red]worse[/]", "better": "[green]better[/]"}.get(each.verdict, each.verdict),
        )
        for each in changes
    ]
    table(["", "before", "after", "after / before, 95 %", "verdict"], rows)
