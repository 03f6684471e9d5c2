"""tradectl audit"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated

import typer

from tradectl.audit import recovering
from tradectl.audit.page import Page
from tradectl.audit.report import Finding, Report, audit
from tradectl.audit.watching import Cut, cuts, reading
from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, print_json_line, stdout, table
from tradectl.cli.running import sources
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.http import UnreachableError

app = typer.Typer(add_completion=False)
LEFT = "settle these with the broker, docs/guides/backup.md says how"


@app.command(epilog="Example: tradectl audit --settled")
def command(
    name: Name = DEFAULT,
    settled: Annotated[bool, typer.Option("--settled", help="First wait until nothing is under way.")] = False,
    recover: Annotated[
        bool, typer.Option("--recover", help="First have portfolio book what a release that is gone has lost.")
    ] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Again and again, until a difference stays.")] = False,
    every: Annotated[float, typer.Option(help="With --watch: seconds from one cut to the next.", min=0.1)] = 2.0,
    lasting: Annotated[
        float | None, typer.Option("--for", help="With --watch: seconds; else until Ctrl-C.", min=0.1)
    ] = None,
    metrics: Annotated[
        str,
        typer.Option(
            help="With --watch: show what stays different to Prometheus at this PORT or HOST:PORT, and go on."
        ),
    ] = "",
    json: Json = False,
) -> None:
    """Hold every account and order against the venue's own record.

    What an event explains that is not delivered yet is listed as in flight; all else is a difference. With --watch each
    cut is a line, and a difference has to stay over two of them. With --recover orders are given to portfolio as they
    stand wherever it has not all of their fills, which is done once and changes nothing that is right.
    """
    if watch:
        if settled or recover:
            raise TradectlError("--watch looks while all is moving", "leave the other out", ExitCode.USAGE)
        _watch(name, every, lasting, metrics, json)
        return
    if metrics:
        raise TradectlError("--metrics is a page of audits again and again", "add --watch", ExitCode.USAGE)
    try:
        booked = recovering.recover(sources(name)) if recover else []
        report = audit(sources(name), settled=settled)
    except UnreachableError as error:
        raise TradectlError(f"not read: {error}", "`tradectl ps` says how the parts are", ExitCode.NOT_UP) from error
    if json:
        print_json(as_document(report) | ({"recovered": booked} if recover else {}))
    else:
        if recover:
            stdout().print(f"{len(booked)} fills were lost and are booked now")
        _show(report)
    if not report.clean:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _watch(name: str, every: float, lasting: float | None, metrics: str, json: bool) -> None:
    """A line a cut; Ctrl-C is its usual end."""
    stays: list[Finding] = []
    page = Page()
    if metrics:
        page.serve(metrics)
    with until_interrupted():
        for cut in cuts(reading(lambda: sources(name)), every, lasting, on=bool(metrics)):
            page.tell(cut)
            print_json_line(cut_document(cut)) if json else _show_cut(cut)
            stays = cut.stays
    if stays:
        if not json:
            _table("differences that stay", stays)
        raise typer.Exit(ExitCode.CHECK_FAILED)


@contextmanager
def until_interrupted() -> Iterator[None]:
    """Ctrl-C ends what is done here, and is no error."""
    try:
        yield
    except KeyboardInterrupt:
        return


def cut_document(cut: Cut) -> dict[str, object]:
    """A cut as JSON shows it: the report's own fields, or why there is none."""
    head = {"cut": cut.number, "stays": len(cut.stays)}
    return head | ({"unread": cut.unread} if cut.report is None else as_document(cut.report))


def _show_cut(cut: Cut) -> None:
    if cut.report is None:
        stdout().print(f"cut {cut.number}: [yellow]not read[/] {escaped(cut.unread)}")
        return
    report = cut.report
    said = f"[bold red]{len(report.differences)} differ[/]" if report.differences else "[green]agrees[/]"
    stdout().print(
        f"cut {cut.number}: {said}, {len(report.in_flight)} in flight [dim]{report.counted.get('orders.orders', 0)} "
        f"orders, {report.counted['venue.executions']} executions in {report.seconds:.2f} s[/]"
    )


def as_document(report: Report) -> dict[str, object]:
    """The report as JSON shows it."""
    return {
        "clean": report.clean,
        "differences": [{"rule": each.rule, **asdict(each.difference)} for each in report.differences],
        "in_flight": [{"rule": each.rule, **asdict(each.difference)} for each in report.in_flight],
        "explained": [{"rule": each.rule, **asdict(each.difference)} for each in report.explained],
        "left": len(report.left),
        "counted": report.counted,
        "seconds": round(report.seconds, 3),
    }


def _show(report: Report) -> None:
    if report.in_flight:
        _table("in flight", report.in_flight)
    if report.explained:
        sent = len(report.explained)
        stdout().print(f"[dim]{sent} mails and pushes went out in time that a restore could not bring back[/]")
    if report.differences:
        _table("differences", report.differences)
        stdout().print(f"[bold red]{len(report.differences)} differences[/]")
        if report.left:
            stdout().print(
                f"{len(report.left)} of them are about orders of that time which the venue alone has: {LEFT}"
            )
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
