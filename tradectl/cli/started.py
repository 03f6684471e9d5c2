"""What `up` shows at its end."""

import shutil
import sys
from dataclasses import asdict

from tradectl.cli.options import DEFAULT
from tradectl.stack.explanation import Step, lines
from tradectl.stack.lifecycle import Outcome
from tradectl.stack.outside import Outside


def show(name: str, outcome: Outcome, *, explain: bool, json: bool) -> None:
    """The outcome, as a table or as JSON; the tree of the start where it was asked for."""
    if json:
        from tradectl.cli.output import print_json

        print_json({key: value for key, value in asdict(outcome).items() if key != "start" or explain})
        return
    from tradectl.cli.output import stdout

    if explain:
        _explain(outcome.start)
    what = f"is up after {outcome.seconds:.1f} s" if outcome.changed else "was up already; nothing was changed"
    stdout().print(f"\n[bold green]●[/] sandbox [bold]{name}[/] {what} [dim]{outcome.backend}[/]\n")
    if outcome.outside is not None:
        _outside(outcome.outside)
    else:
        _endpoints(outcome)
    _next(name, outcome)
    sys.stdout.flush()


def _endpoints(outcome: Outcome) -> None:
    from tradectl.cli.output import table

    door = outcome.endpoints.get("bff.http")
    api = [] if door is None else [("API and WebSocket", f"{door}/api/v1"), ("API description", f"{door}/openapi.json")]
    services = () if door else tuple(key for key in outcome.endpoints if key.endswith(".http"))
    shown = [(key, url) for key, url in sorted(outcome.endpoints.items()) if key in (*SHOWN, *services)]
    table(["endpoint", "address"], [*api, *shown])


def _outside(found: Outside) -> None:
    """The session file, and every other door with its key."""
    from tradectl.cli.output import escaped, stdout, table

    stdout().print(f"[bold]QuickFIX session file[/] [dim]{escaped(found.file)}[/]\n")
    sys.stdout.write(found.quickfix + "\n")
    doors = {"broker, REST": found.broker, "provider, REST": found.provider, "provider, WebSocket": found.stream}
    rows = [(what, door.url, f"{door.header}: {door.key}") for what, door in doors.items()]
    more = {"mail, REST": found.mail, "mail, SMTP": found.smtp, "push, REST": found.push, "clock": found.clock}
    table(["door", "address", "header"], [*rows, *((what, url, "") for what, url in more.items())])


def _explain(start: Step) -> None:
    """What each step waited for stands above it; what the whole start waited for is marked."""
    from tradectl.cli.output import escaped, table

    rows = []
    for depth, step in lines(start):
        mark = "[bold yellow]●[/] " if step.decisive else "  "
        took = step.ended - step.began
        rows.append(
            (
                f"{mark}{'  ' * depth}{escaped(step.name)}",
                f"{step.began:.2f}",
                f"{took:.2f}",
                f"{step.ended:.2f}",
                escaped(", ".join(step.until)),
            )
        )
    table(["step", "from", "took", "until", "waited at last for"], rows, title="the start, in seconds")


def _next(name: str, outcome: Outcome) -> None:
    from tradectl.cli.output import stdout

    flag = "" if name == DEFAULT else f" --name {name}"
    stdout().print("Try next:")
    for verb, why in NEXT.items():
        if verb in NEEDING_ALL and "bff.http" not in outcome.endpoints:
            continue
        stdout().print(f"  [cyan]{called()} {verb}{flag}[/]" + " " * max(1, 22 - len(verb + flag)) + f"[dim]{why}[/]")


def called() -> str:
    """The tool as this shell finds it: by its name, or as it was called now."""
    return "tradectl" if shutil.which("tradectl") else sys.argv[0]


SHOWN = {"broker.fix", "mail.http", "provider.http"}
NEXT = {
    "smoke": "trade once and check every step",
    "ps": "each part and how it is",
    "logs -f": "what the services write, as it happens",
    "audit": "every account against the venue's record",
    "down": "stop it and leave nothing behind",
}
NEEDING_ALL = {"smoke", "audit"}
