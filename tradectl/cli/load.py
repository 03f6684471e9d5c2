"""tradectl load"""

import os
from pathlib import Path
from typing import Annotated

import typer

from tradectl.audit.told import told
from tradectl.cli import loading
from tradectl.cli.options import DEFAULT, Authority, Json, Name
from tradectl.cli.output import print_json, stderr, stdout, table, write
from tradectl.cli.running import sources
from tradectl.errors import ExitCode, TradectlError
from tradectl.load import capacity as finding
from tradectl.load import page, result
from tradectl.load.comparison import compare
from tradectl.load.generator import Elsewhere, free_port
from tradectl.load.probing import Probe
from tradectl.load.run import Plan, Target
from tradectl.load.run import run as load
from tradectl.load.scenarios import intent, known, names
from tradectl.load.shapes import SHAPES
from tradectl.load.thresholds import parse
from tradectl.probes.tls import trust
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.state import sandbox

HELP = """Put a sandbox under load, and say honestly what it did.

Requests are sent on a schedule drawn beforehand, and latency counts from when each was due: a server that stalls cannot
hide it. After each run the audit has to be clean.
"""
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)
SOAKED = ("memory<2%", "errors<=0%")
"""What a soak is held to where nothing else is said."""
USUAL = ("p99(order)<200ms", "errors<1%")
"""What a capacity has to hold where nothing else is said."""

Scenario = Annotated[str, typer.Argument(help="One of `tradectl load list`.")]
Users = Annotated[int, typer.Option(help="Users, each with an account and a connection.", min=1, max=2_000)]
Seed = Annotated[int, typer.Option(help="Of the schedule and of what users do.")]
Workers = Annotated[int, typer.Option(help="Processes that make the load; 0: one does it all.", min=0, max=64)]
Thresholds = Annotated[
    list[str] | None,
    typer.Option("--threshold", help="p99(order)<200ms, errors<1%, unexpected<=0%, rate>=50/s, memory<2%; several."),
]
Html = Annotated[Path | None, typer.Option(help="Write a report there.", dir_okay=False, show_default=False)]


@app.command("list", epilog="Example: tradectl load list")
def list_(json: Json = False) -> None:
    """List the scenarios and what they are."""
    found = {name: intent(name) for name in names()}
    if json:
        print_json({"items": [{"name": name, "intent": said} for name, said in found.items()]})
        return
    table(["scenario", "intent"], found.items())


@app.command(epilog="Example: tradectl load run mixed --rate 50 --duration 30 --threshold 'p99<200ms'")
def run(
    scenario: Scenario,
    name: Name = DEFAULT,
    users: Users = 20,
    rate: Annotated[float, typer.Option(help="Requests a second, of all users together.", min=0.1)] = 20.0,
    duration: Annotated[float, typer.Option(help="Seconds.", min=1.0)] = 30.0,
    shape: Annotated[str, typer.Option(help=f"One of: {', '.join(SHAPES)}.")] = "steady",
    seed: Seed = 1,
    workers: Workers = 0,
    elsewhere: Annotated[int, typer.Option(help="Of the workers, those that you start on other machines.", min=0)] = 0,
    even: Annotated[bool, typer.Option("--even", help="Evenly spaced requests instead of a Poisson process.")] = False,
    threshold: Thresholds = None,
    abort: Annotated[bool, typer.Option("--abort-on-fail", help="End as soon as a threshold does not hold.")] = False,
    at: Annotated[
        str | None,
        typer.Option("--target", help="This door, of what runs elsewhere; `tradectl deploy reach` says the rest."),
    ] = None,
    cacert: Authority = None,
    web: Annotated[bool, typer.Option("--web", help="Show Locust's own page while it runs.")] = False,
    html: Html = None,
    json: Json = False,
) -> None:
    """Load the sandbox, then audit it.

    Ends with 1 when a threshold or the audit does not hold, with 12 when the generator itself was the bottleneck.
    """
    if shape not in SHAPES:
        raise TradectlError(f"there is no shape {shape!r}", f"one of: {', '.join(SHAPES)}", ExitCode.USAGE)
    if elsewhere > workers:
        raise TradectlError(f"{elsewhere} of {workers} workers cannot be elsewhere", "--workers 4", ExitCode.USAGE)
    asked = threshold or (SOAKED if shape == "soak" else ())
    plan = Plan(
        scenario=known(scenario),
        shape=SHAPES[shape](rate, duration),
        shape_name=shape,
        rate=rate,
        users=users,
        seed=seed,
        workers=workers,
        arrivals="constant" if even else "poisson",
        thresholds=[parse(text) for text in asked],
        abort=abort,
        web_port=free_port() if web else 0,
        elsewhere=Elsewhere(elsewhere, _told_elsewhere) if elsewhere else None,
    )
    if web:
        stderr().print(f"Locust's page: http://127.0.0.1:{plan.web_port}/")
    if cacert is not None:
        trust(cacert)
    done = load(beyond(at) if at else target(name), plan, loading.teller(json=json))
    path = result.keep(done)
    if html:
        write(html, page.of_run(done))
    if json:
        print_json({**loading.summary(done), "path": str(path)})
    else:
        loading.show(done)
        stdout().print(f"[dim]{html or path}[/]")
    _end(done.exit_code)


@app.command(epilog="Example: tradectl load report --html load.html")
def report(
    run: Annotated[str | None, typer.Argument(help="A run's id; the last one without.", show_default=False)] = None,
    all_: Annotated[bool, typer.Option("--list", help="List the runs that are kept.")] = False,
    against: Annotated[
        tuple[str, str] | None, typer.Option("--compare", help="Two runs: what got worse from A to B?", metavar="A B")
    ] = None,
    html: Html = None,
    json: Json = False,
) -> None:
    """Show a run, or what two runs differ in.

    A comparison ends with 1 when something got worse for certain.
    """
    if all_:
        _list(json=json)
        return
    if against:
        _compare(*against, html, json=json)
        return
    found = result.load(run)
    if html:
        write(html, page.of_run(found))
    if json:
        print_json(loading.summary(found))
    else:
        loading.show(found)


@app.command(epilog="Example: tradectl load capacity trader --from 50 --to 800 --html capacity.html")
def capacity(
    scenario: Annotated[str, typer.Argument(help="One of `tradectl load list`.")] = "trader",
    name: Name = DEFAULT,
    low: Annotated[float, typer.Option("--from", help="Requests a second to begin with.", min=0.1)] = 25.0,
    high: Annotated[float, typer.Option("--to", help="Requests a second at most.", min=0.1)] = 2_000.0,
    duration: Annotated[float, typer.Option(help="Seconds of each try.", min=2.0)] = 10.0,
    precision: Annotated[float, typer.Option(help="Of the capacity, as a share.", min=0.005, max=1.0)] = 0.1,
    users: Users = 32,
    seed: Seed = 1,
    workers: Workers = 0,
    threshold: Thresholds = None,
    html: Html = None,
    json: Json = False,
) -> None:
    """Find the highest rate that holds the thresholds, by bisection.

    Ends with 12 when it was the generator that gave up first: then --workers.
    """
    held = [parse(text) for text in threshold or USUAL]
    plan = Plan(
        scenario=known(scenario),
        shape=SHAPES["steady"](low, duration),
        shape_name="steady",
        rate=low,
        users=users,
        seed=seed,
        workers=workers,
        thresholds=held,
        audited=False,
    )
    probe = Probe(target(name), plan, loading.teller(json=json))
    found = finding.search(probe.holds, low, high, precision)
    audited = probe.audit()
    document = {**probe.document(found), "audit": {"clean": audited.clean, "differences": audited.differences}}
    if html:
        write(html, probe.page(found))
    if json:
        print_json(document)
    else:
        table(["/s", "p50 ms", "p99 ms", "errors", "holds"], probe.rows())
        stdout().print(f"[bold]{found.capacity:.0f}/s[/] hold {', '.join(each.text for each in held)}")
    if not audited.clean:
        _end(ExitCode.CHECK_FAILED)
    if probe.saturated:
        stderr().print(f"[bold red]the generator was saturated[/] {probe.saturated}: more --workers")
        _end(ExitCode.SATURATED)
    _end(ExitCode.OK if found.capacity else ExitCode.CHECK_FAILED)


def target(name: str) -> Target:
    """The sandbox, when it is up; its own door is the only one that is loaded."""
    return Target(name, backend_of(sandbox(name)), sources(name))


def beyond(door: str) -> Target:
    """A door of this machine behind which another platform is, whose parts the environment names."""
    found = told(os.environ)
    if found is None:
        hint = "`tradectl deploy reach ENV -- tradectl load run …` names them"
        raise TradectlError(f"nothing says where the parts behind {door} are", hint, ExitCode.USAGE)
    return Target("elsewhere", None, found, door.rstrip("/"))


def _told_elsewhere(spec: Path, port: int) -> None:
    stderr().print(f"copy {spec} to each machine, then there, by a tunnel for its port and the door's:")
    stderr().print(f"  python -m tradectl.load.worker follow spec.json 127.0.0.1:{port}", highlight=False)


def _list(*, json: bool) -> None:
    runs = [path.stem for path in result.kept()]
    if json:
        print_json({"items": runs})
        return
    for each in runs:
        stdout().print(each)


def _compare(before: str, after: str, html: Path | None, *, json: bool) -> None:
    first, second = result.load(before), result.load(after)
    changes = compare(first.measurement, second.measurement)
    if html:
        write(html, page.of_comparison(first, second, changes))
    loading.show_changes(changes, json=json)
    if any(each.verdict == "worse" for each in changes):
        _end(ExitCode.CHECK_FAILED)


def _end(code: ExitCode) -> None:
    if code is not ExitCode.OK:
        raise typer.Exit(code)
