"""tradectl scenario"""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradectl.cli.options import DEFAULT, Authority, Json, Name
from tradectl.errors import ExitCode, TradectlError

if TYPE_CHECKING:
    from tradectl.scenario.outcome import Outcome
    from tradectl.scenario.target import Target

HELP = "Run what QA wrote down, and say exactly what went otherwise."
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)


class Backend(StrEnum):
    """Where the sandboxes run."""

    EMBEDDED = "embedded"
    CONTAINERS = "containers"
    EXTERNAL = "external"
    COMPOSE = "compose"


Paths = Annotated[list[Path], typer.Argument(help="Files, or folders with all that lies in them.", show_default=False)]
Tags = Annotated[
    list[str] | None, typer.Option("--tag", help="Only those with this tag or in this group; again for more.")
]


@app.command(epilog="Example: tradectl scenario run scenarios --junit report.xml")
def run(
    paths: Paths,
    backend: Annotated[
        Backend, typer.Option(envvar="TRADECTL_BACKEND", help="Where sandboxes run.")
    ] = Backend.EMBEDDED,
    seed: Annotated[int | None, typer.Option(help="Instead of each file's own.", show_default=False, min=0)] = None,
    repeat: Annotated[int, typer.Option(help="How often each.", min=1)] = 1,
    parallel: Annotated[
        int | None,
        typer.Option(
            help="How many side by side; 4 unless told, in containers one a processor.",
            show_default=False,
            min=1,
            max=64,
        ),
    ] = None,
    tag: Tags = None,
    name: Annotated[str | None, typer.Option(help="In this sandbox, which is up.", show_default=False)] = None,
    target: Annotated[str | None, typer.Option(help="Against the BFF at this URL.", show_default=False)] = None,
    mail: Annotated[
        str | None, typer.Option(help="Of that target, the mail gateway that shows actors' codes.", show_default=False)
    ] = None,
    cacert: Authority = None,
    skip_local: Annotated[
        bool, typer.Option("--skip-local", help="Leave out what cannot be done against a target.")
    ] = False,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit's XML there.", show_default=False)] = None,
    html: Annotated[Path | None, typer.Option(help="Write a page there.", show_default=False)] = None,
    json: Json = False,
) -> None:
    """Run scenarios, in sandboxes that are started for them and removed again.

    Exit code 0: all held; 1: one failed; 2: a file is wrong, nothing was started; 3: a sandbox broke.
    """
    from tradectl.probes.tls import trust
    from tradectl.scenario import grounds, locality
    from tradectl.scenario.load import load_all
    from tradectl.scenario.report import exit_code
    from tradectl.scenario.suite import Suite, Wish, side_by_side

    scenarios = load_all(paths, tag or [])
    if cacert is not None:
        trust(cacert)
    against = _target(name, target, mail)
    if target is not None and not skip_local:
        named = against is not None and against.parts is not None
        locality.check_remote(scenarios, mail=mail is not None or named, parts=named)
    if not scenarios:
        raise TradectlError("no scenario is there to be run", "`tradectl scenario list` shows them", ExitCode.USAGE)
    wish = Wish(backend.value, seed, repeat, parallel or side_by_side(backend.value), against)
    if wish.target is None:
        _told_of(grounds.sweep())
    began = time.monotonic()
    suite = Suite(scenarios, wish, _nothing if json else _progress)
    outcomes = suite.run()
    seconds = time.monotonic() - began
    _write(outcomes, seconds, junit, html)
    _show(outcomes, seconds, json=json)
    if code := exit_code(outcomes):
        raise typer.Exit(code)


@app.command("list", epilog="Example: tradectl scenario list scenarios --tag fills")
def list_(paths: Paths, tag: Tags = None, json: Json = False) -> None:
    """Show scenarios and what each proves."""
    from tradectl.cli.output import escaped, print_json, table
    from tradectl.scenario.load import load_all

    found = load_all(paths, tag or [])
    if json:
        rows = [{"name": each.name, "file": str(each.file), "scenario": each.scenario.scenario} for each in found]
        print_json([{**row, "tags": each.scenario.tags} for row, each in zip(rows, found, strict=True)])
        return
    shown = [(each.name, escaped(each.scenario.scenario), ", ".join(each.scenario.tags)) for each in found]
    table(["scenario", "what should be so", "tags"], shown)


@app.command(epilog="Example: tradectl scenario check scenarios")
def check(paths: Paths, json: Json = False) -> None:
    """Read files and say what is wrong, with file, line and column; nothing is run."""
    from tradectl.cli.output import print_json, stdout
    from tradectl.scenario.load import load_all
    from tradectl.scenario.positions import WrongFiles

    try:
        found = load_all(paths)
    except WrongFiles as error:
        if json:
            print_json({"wrong": [asdict(each) for each in error.wrong]})
            raise typer.Exit(ExitCode.USAGE) from None
        raise
    if json:
        print_json({"wrong": [], "scenarios": len(found)})
        return
    stdout().print(f"{len(found)} scenarios, nothing wrong")


@app.command(epilog="Example: tradectl scenario new refund-after-cancel.yaml")
def new(
    file: Annotated[Path, typer.Argument(help="The file to be written.", show_default=False)], json: Json = False
) -> None:
    """Write a scenario that runs, to be changed."""
    from tradectl.cli.output import print_json, stdout
    from tradectl.scenario.first import write

    write(file)
    if json:
        print_json({"file": str(file)})
        return
    stdout().print(f"{file} is there; [cyan]tradectl scenario run {file}[/] runs it")


@app.command(epilog="Example: tradectl scenario record --out mine/recorded.yaml")
def record(
    out: Annotated[
        Path | None, typer.Option(help="The file to be written; stdout without.", show_default=False)
    ] = None,
    intent: Annotated[
        str | None, typer.Option(help="What should be so, in a sentence.", show_default=False, metavar="SENTENCE")
    ] = None,
    port: Annotated[int, typer.Option(help="Listen there; 0: a free one.", min=0, max=65_535)] = 0,
    name: Name = DEFAULT,
    json: Json = False,
) -> None:
    """Make a scenario of what a trader does: requests go to the address that is printed, and on to the BFF.

    Ctrl-C ends it. Passwords and tokens are not written. What a WebSocket follows and says becomes steps, too.
    """
    from tradectl.cli import recording
    from tradectl.scenario.recording.recording import INTENT
    from tradectl.scenario.recording.recording import record as recorded

    recording.check(out, intent)
    found = recorded(recording.door_of(name), port, recording.ready, INTENT if intent is None else intent)
    recording.show(found, out, json=json)


@app.command(epilog="Example: tradectl scenario schema > scenario.schema.json")
def schema() -> None:
    """Print the JSON Schema of a scenario file, for editors that complete by it."""
    from tradectl.cli.output import print_json
    from tradectl.scenario.model import Scenario

    print_json(Scenario.model_json_schema(by_alias=True))


def _target(name: str | None, url: str | None, mail: str | None) -> "Target | None":
    from tradectl.audit.told import told
    from tradectl.scenario.target import elsewhere, here
    from tradectl.stack.state import sandbox

    if name is not None and url is not None:
        raise TradectlError("--name and --target exclude each other", "one of them", ExitCode.USAGE)
    if mail is not None and url is None:
        raise TradectlError("--mail belongs to --target", "a sandbox's own gateway is known", ExitCode.USAGE)
    if url is not None:
        return elsewhere(url, mail, told(os.environ))
    return None if name is None else here(sandbox(name))


def _told_of(left: Sequence[str]) -> None:
    """Sandboxes of earlier runs that would not go."""
    from tradectl.cli.output import escaped, stderr

    for why in left:
        stderr().print(f"a sandbox of an earlier run is still there: {escaped(why)}")


def _nothing(_: str, __: "Outcome") -> None:
    """JSON comes at the end, whole."""


def _progress(what: str, outcome: "Outcome") -> None:
    """A line as each ends; where somebody looks, one as it begins too."""
    from tradectl.cli.output import escaped, stderr

    if what == "began":
        if stderr().is_terminal:
            stderr().print(f"[dim]… {escaped(outcome.name)}[/]")
        return
    mark = {"held": "[green]✓[/]", "skipped": "[yellow]-[/]"}.get(outcome.status, "[bold red]✗[/]")
    why = f" [dim]{escaped(outcome.why)}[/]" if outcome.why else ""
    said = f" {escaped(outcome.failure.said)}" if outcome.failure else ""
    stderr().print(f"{mark} {escaped(outcome.name)} [dim]{outcome.seconds:.2f} s[/]{said}{why}")


def _write(outcomes: "list[Outcome]", seconds: float, junit_file: Path | None, html_file: Path | None) -> None:
    from tradectl.scenario import html, junit

    for file, writer in ((junit_file, junit), (html_file, html)):
        if file is None:
            continue
        try:
            writer.write(file, outcomes, seconds)
        except OSError as error:
            raise TradectlError(f"{file} cannot be written: {error.strerror}", exit_code=ExitCode.USAGE) from error


def _show(outcomes: "list[Outcome]", seconds: float, *, json: bool) -> None:
    from services.contracts.times import rfc3339
    from tradectl.cli.output import print_json, stdout
    from tradectl.scenario.report import counted, exit_code, told

    if json:
        held = exit_code(outcomes) == ExitCode.OK
        began = rfc3339(int((time.time() - seconds) * 1_000_000))
        whole = {"ok": held, "began": began, "seconds": round(seconds, 3)}
        print_json({**whole, "outcomes": [asdict(each) for each in outcomes]})
        return
    for outcome in outcomes:
        if outcome.status in {"failed", "broke"}:
            stdout().print(f"\n[bold red]{outcome.status}[/] [bold]{outcome.name}[/]", markup=True)
            sys.stdout.write("".join(f"{line}\n" for line in told(outcome)))
    colour = "green" if exit_code(outcomes) == ExitCode.OK else "red"
    stdout().print(f"[bold {colour}]{counted(outcomes)}[/] [dim]{seconds:.1f} s[/]")
