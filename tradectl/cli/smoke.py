"""tradectl smoke"""

from collections.abc import Callable
from typing import Annotated

import typer

from tradectl.audit.report import audit
from tradectl.cli.options import DEFAULT, Authority, Json, Name
from tradectl.cli.output import escaped, new_table, print_json, stderr, stdout
from tradectl.cli.running import endpoints, sources
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.tls import trust
from tradectl.scenario.target import elsewhere
from tradectl.smoke.run import Report, smoke
from tradectl.smoke.steps import Step
from tradectl.stack.state import sandbox
from tradectl.telemetry.acts import acts_of

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl smoke --target https://localhost:8443 --mail http://localhost:8025")
def command(
    name: Name = DEFAULT,
    target: Annotated[str | None, typer.Option(help="Against the BFF at this URL.", show_default=False)] = None,
    mail: Annotated[
        str | None,
        typer.Option(help="Of that target, the mail gateway that shows the trader's codes.", show_default=False),
    ] = None,
    cacert: Authority = None,
    json: Json = False,
) -> None:
    """Trade once, from registration to booked fills, and check every step.

    Through the BFF alone, as a trader would; at the end the whole audit, but for a --target, whose books it cannot see.
    """
    if cacert is not None:
        trust(cacert)
    door, mailbox, differences = _elsewhere(target, mail) if target or mail else _here(name)
    acts = acts_of(None if target else sandbox(name))
    report = smoke(door, mailbox, differences, _nothing if json else _progress, acts)
    if json:
        print_json(report)
    else:
        _show(report)
    if not report.ok:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _here(name: str) -> tuple[str, str, Callable[[], int]]:
    """Door, mail gateway and audit of a sandbox."""
    found, read = endpoints(name), sources(name)
    return found["bff.http"], found["mail.http"], lambda: len(audit(read, settled=True).differences)


def _elsewhere(target: str | None, mail: str | None) -> tuple[str, str, None]:
    """The same of a platform that is not a sandbox of this machine."""
    if not target or not mail:
        hint = "tradectl smoke --target https://localhost:8443 --mail http://localhost:8025"
        raise TradectlError("--target and --mail belong together: a code comes by mail", hint, ExitCode.USAGE)
    found = elsewhere(target, mail)
    return found.door, found.mail, None


def _nothing(_: Step) -> None:
    """JSON comes at the end, whole."""


def _progress(step: Step) -> None:
    if stderr().is_terminal:
        stderr().print(f"{_mark(step.ok)} {step.name}")


def _mark(ok: bool) -> str:
    return "[green]✓[/]" if ok else "[bold red]✗[/]"


def _show(report: Report) -> None:
    steps = new_table(["", "step", "ms", "what happened"], "smoke")
    for step in report.steps:
        steps.add_row(_mark(step.ok), step.name, f"{step.seconds * 1_000:.0f}", escaped(step.detail))
    stdout().print(steps)
    if report.orders:
        stdout().print(_orders(report))
    verdict = "[bold green]every step holds[/]" if report.ok else "[bold red]a step failed[/]"
    stdout().print(f"{verdict} [dim]{report.seconds:.1f} s[/]")


def _orders(report: Report) -> object:
    drawn = new_table(
        ["order", "side", "type", "state", "fill", "quantity", "price", "fee", "liquidity", "at"], "fills"
    )
    for order in report.orders:
        for fill in order["fills"]:
            cells = [fill["quantity"], fill["price"], f"{fill['fee']} {fill['currency']}", fill["liquidity"]]
            head = [order["symbol"], order["side"], order["type"], order["status"], fill["id"]]
            drawn.add_row(*map(str, [*head, *cells, fill["time"][11:23]]))
    return drawn
