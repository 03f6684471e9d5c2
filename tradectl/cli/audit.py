"""tradectl audit"""

from dataclasses import asdict
from typing import Annotated

import typer

from tradectl.audit.report import Finding, Report, audit
from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, stdout, table
from tradectl.cli.running import sources
from tradectl.errors import ExitCode

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl audit --settled")
def command(
    name: Name = DEFAULT,
    settled: Annotated[bool, typer.Option("--settled", help="First wait until nothing is under way.")] = False,
    json: Json = False,
) -> None:
    """Hold every account and order against the venue's own record.

    What an event explains that is not delivered yet is listed as in flight; all else is a difference.
    """
    report = audit(sources(name), settled=settled)
    if json:
        print_json(as_document(report))
    else:
        _show(report)
    if not report.clean:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def as_document(report: Report) -> dict[str, object]:
    """The report as JSON shows it."""
    return {
        "clean": report.clean,
        "differences": [{"rule": each.rule, **asdict(each.difference)} for each in report.differences],
        "in_flight": [{"rule": each.rule, **asdict(each.difference)} for each in report.in_flight],
        "counted": report.counted,
        "seconds": round(report.seconds, 3),
    }


def _show(report: Report) -> None:
    if report.in_flight:
        _table("in flight", report.in_flight)
    if report.differences:
        _table("differences", report.differences)
        stdout().print(f"[bold red]{len(report.differences)} differences[/]")
        return
    orders, fills = report.counted.get("orders.orders", 0), report.counted.get("orders.fills", 0)
    accounts = report.counted.get("orders.accounts", 0)
    stdout().print(
        f"[bold green]every account agrees with the venue[/] [dim]{accounts} accounts, {orders} orders, {fills} fills, "
        f"{report.counted['venue.executions']} executions in {report.seconds:.2f} s[/]"
    )


def _table(title: str, findings: list[Finding]) -> None:
    rows = [
        (
            each.difference.where,
            escaped(each.difference.key),
            each.difference.expected,
            each.difference.found,
            each.rule,
        )
        for each in findings
    ]
    table(["where", "key", "expected", "found", "rule"], rows, title=title)
