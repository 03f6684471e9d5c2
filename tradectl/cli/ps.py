"""tradectl ps"""

from dataclasses import asdict
from typing import Annotated

import typer
from msgspec import to_builtins

from tradectl.cli.fault import rows
from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, state, stdout, table
from tradectl.fault import run
from tradectl.stack.state import existing, sandbox
from tradectl.stack.status import SandboxStatus, status

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl ps --all --json")
def command(
    name: Name = DEFAULT,
    everything: Annotated[bool, typer.Option("--all", help="Every sandbox.")] = False,
    json: Json = False,
) -> None:
    """Show each part and how it is."""
    places = existing() if everything else [sandbox(name)]
    found = [status(place) for place in places]
    broken = {place.name: run.active(place) for place in places}
    if json:
        told = [{**asdict(each), "faults": to_builtins(broken[each.name])} for each in found]
        print_json(told if everything else told[0])
        return
    for each in found:
        _show(each)
        if broken[each.name]:
            table(["fault", "kind", "in", "graded by", "until (UTC)"], rows(broken[each.name]), "broken on purpose")
    if not found:
        stdout().print("there is no sandbox; [cyan]tradectl up[/] makes one")


def _show(found: SandboxStatus) -> None:
    much = "" if found.memory_mib is None else f"  {found.memory_mib} MiB, {found.restarts} restarts"
    head = f"sandbox [bold]{found.name}[/] {state('up' if found.up else 'down')}"
    stdout().print(f"{head}[dim]  {found.backend}{much}[/]")
    if found.halfway:
        stdout().print(f"[bold red]half loaded[/]: [cyan]{found.halfway}[/] was cut off; give it again")
    if found.children:
        table(
            ["process", "state", "pid", "MiB", "restarts", "since", "the last one"],
            [
                (each.name, state(each.state), each.pid, each.memory_mib, each.restarts, each.since[:19], each.ended)
                for each in found.children
            ],
        )
    table(
        ["part", "kind", "state", "endpoints", "missing"],
        [
            (
                part.name,
                part.kind,
                state(part.state),
                "  ".join(part.endpoints.values()),
                escaped("; ".join(f"{condition}: {said}" for condition, said in part.unmet.items())),
            )
            for part in found.parts
        ],
    )
    if found.servers:
        table(["container", "state"], [(role, state(each)) for role, each in found.servers.items()])
