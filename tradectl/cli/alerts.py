"""tradectl alerts"""

from getpass import getuser
from pathlib import Path
from typing import Annotated, Any

import typer

from tradectl.alerts import asking
from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, plain, print_json, stderr, table
from tradectl.cli.running import ask, endpoints
from tradectl.cli.watchers import ALERTMANAGER, PROMETHEUS, Alertmanager, Prometheus
from tradectl.errors import ExitCode, TradectlError
from tradectl.fault.duration import seconds
from tradectl.stack.ports import remembered
from tradectl.stack.state import sandbox
from tradectl.stack.topology import platform

HELP = """Show what Prometheus and Alertmanager say is wrong, and keep them silent for a while.

Both are asked where --prometheus and --alertmanager say, or the variables TRADECTL_PROMETHEUS_URL and
TRADECTL_ALERTMANAGER_URL.
"""
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)
LONGEST = 30 * 86_400
"""Seconds: what is silent for longer is a rule to be changed."""
GRAVE = {"page": "bold red", "ticket": "yellow"}


def _port(text: str) -> Any:
    """An option that takes one."""
    return typer.Option(help=text, min=1, max=65_535)


@app.command("list", epilog="Example: tradectl alerts list --check")
def listing(
    alertmanager: Alertmanager = ALERTMANAGER,
    everything: Annotated[bool, typer.Option("--all", help="Silenced and inhibited ones, too.")] = False,
    check: Annotated[bool, typer.Option("--check", help="End with 1 while a page fires.")] = False,
    json: Json = False,
) -> None:
    """List what fires, the gravest first."""
    found = asking.alerts(alertmanager)
    shown = [each for each in found if everything or each.state == "active"]
    if json:
        print_json({"items": plain(shown)})
    else:
        rows = [
            (
                grave(each.severity),
                each.name,
                each.labels.get("job"),
                each.state,
                each.since[:19],
                escaped(each.summary),
            )
            for each in shown
        ]
        table(["severity", "alert", "part", "state", "since (UTC)", "what is wrong"], rows)
    if check and any(each.severity == "page" and each.state == "active" for each in found):
        raise typer.Exit(ExitCode.CHECK_FAILED)


@app.command(epilog="Example: tradectl alerts silence FixSessionDown job=orders --for 2h --because 'the broker moves'")
def silence(
    alert: Annotated[list[str], typer.Argument(help="An alert's name, and labels it must have: label=value.")],
    because: Annotated[str, typer.Option(help="Why; whoever looks will read it.")],
    alertmanager: Alertmanager = ALERTMANAGER,
    for_: Annotated[str, typer.Option("--for", help="How long: 10m, 2h, 3d; up to 30d.")] = "2h",
    by: Annotated[str | None, typer.Option(help="Who wants it.", show_default="you")] = None,
    json: Json = False,
) -> None:
    """Tell nobody of an alert for a while."""
    labels = dict(asking.matching(alert))
    lasting = seconds(for_, LONGEST, "a silence")
    id = asking.silence(alertmanager, labels, lasting, by=by or getuser(), reason=because)
    if json:
        print_json({"id": id, "matchers": labels, "seconds": lasting})
        return
    stderr().print(f"silent for {for_}: `tradectl alerts speak {id}` ends it before its time")


@app.command(epilog="Example: tradectl alerts silences --json")
def silences(alertmanager: Alertmanager = ALERTMANAGER, json: Json = False) -> None:
    """List silences that are not over."""
    found = asking.silences(alertmanager)
    if json:
        print_json({"items": plain(found)})
        return
    rows = [(each.id, escaped(_matched(each)), each.ends[:19], each.by, escaped(each.reason)) for each in found]
    table(["id", "of", "until (UTC)", "by", "because"], rows)


@app.command(epilog="Example: tradectl alerts speak 1b4e28ba-2fa1-11d2-883f-0016d3cca427")
def speak(
    id: Annotated[str, typer.Argument(help="A silence's id.")],
    alertmanager: Alertmanager = ALERTMANAGER,
    json: Json = False,
) -> None:
    """End a silence before its time."""
    asking.speak(alertmanager, id)
    if json:
        print_json({"id": id})


@app.command(epilog="Example: tradectl alerts rules --json")
def rules(prometheus: Prometheus = PROMETHEUS, json: Json = False) -> None:
    """List what is watched for, and whether each rule can be evaluated; ends with 1 if one cannot."""
    found = asking.rules(prometheus)
    if json:
        print_json({"items": plain(found)})
    else:
        rows = [
            (grave(each.severity), each.name, each.state, each.health, each.runbook, escaped(each.error))
            for each in found
        ]
        table(["severity", "alert", "state", "health", "what to do", "error"], rows)
    if any(each.health == "err" for each in found):
        raise typer.Exit(ExitCode.CHECK_FAILED)


@app.command(epilog="Example: tradectl alerts chat --service telegram")
def chat(
    name: Name = DEFAULT,
    service: Annotated[str | None, typer.Option(help="telegram or slack.", show_default="both")] = None,
    since: Annotated[int, typer.Option(help="Only messages after this number.", min=0)] = 0,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=200)] = 50,
    json: Json = False,
) -> None:
    """Read what the operators' chat was told, the oldest first."""
    query = {"since": str(since), "limit": str(limit), **({"service": service} if service else {})}
    items = ask("GET", f"{door(endpoints(name), 'chatops.http')}/messages", **query)["items"]
    if json:
        print_json({"items": items})
        return
    rows = [(each["id"], each["received_at"][:19], each["service"], escaped(each["title"])) for each in items]
    table(["number", "received", "by", "title"], rows)


@app.command(epilog="Example: tradectl alerts config --into watching --server redis=127.0.0.1:9121")
def config(
    into: Annotated[Path, typer.Option(help="A folder; it is made where it is missing.")],
    name: Name = DEFAULT,
    port: Annotated[int, _port("The port that Alertmanager will have.")] = 9_093,
    prometheus_port: Annotated[int, _port("The port that Prometheus will have.")] = 9_090,
    audit_port: Annotated[int | None, _port("Watch `tradectl audit --watch --metrics PORT`, too.")] = None,
    node_port: Annotated[int | None, _port("Watch a node exporter, too: disks, and backups by its textfiles.")] = None,
    server: Annotated[
        list[str] | None,
        typer.Option(
            help="A page to watch beside the parts', NAME=HOST:PORT: of rabbitmq, envoy, exporters of redis and mysql; "
            "repeatable.",
            show_default=False,
        ),
    ] = None,
    every: Annotated[str, typer.Option(help="How often Prometheus looks: 1s, 15s.")] = "15s",
    compose: Annotated[bool, typer.Option("--compose", help="What compose/observability holds instead.")] = False,
    json: Json = False,
) -> None:
    """Write what Prometheus and Alertmanager need to watch this sandbox from beside it."""
    from tradectl.alerts import files
    from tradectl.alerts.targets import named

    if compose:
        written = files.written(into.absolute(), files.of_compose(platform()))
    else:
        door(endpoints(name), "chatops.http")
        own = {"prometheus": prometheus_port, "alertmanager": port, "audit": audit_port, "node": node_port}
        watchers = {who: where for who, where in own.items() if where}
        beside = named(server or (), {*own, *(part.name for part in platform())})
        ports = remembered(sandbox(name).ports)
        written = files.for_sandbox(into.absolute(), platform(), ports, watchers, beside=beside, every=every)
    if json:
        print_json({"files": [str(path) for path in written]})
        return
    for path in written:
        stderr().print(f"wrote {path}")


def door(found: dict[str, str], port: str) -> str:
    """A port of the sandbox; TradectlError when it was started without."""
    if port not in found:
        hint = "it was started with --only, or before there was one: `tradectl ps`"
        raise TradectlError(f"the sandbox has no {port}", hint, ExitCode.NOT_FOUND)
    return found[port]


def _matched(silence: asking.Silence) -> str:
    return " ".join(f"{label}={value}" for label, value in silence.matchers.items())


def grave(severity: str) -> str:
    """A severity in its colour."""
    style = GRAVE.get(severity)
    return f"[{style}]{severity}[/]" if style else escaped(severity)
