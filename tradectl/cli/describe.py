"""tradectl describe"""

from typing import Annotated, Any

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, state, stdout, table
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.state import sandbox
from tradectl.stack.status import part_status
from tradectl.stack.topology import platform

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl describe orders")
def command(
    service: Annotated[str, typer.Argument(help="A service or a simulator.")],
    name: Name = DEFAULT,
    json: Json = False,
) -> None:
    """Show what a part is, needs, publishes and consumes."""
    found = description(service, name)
    if json:
        print_json(found)
        return
    stdout().print(f"[bold]{found['title']}[/] [dim]{found['kind']} {found['name']}[/] {state(found['state'])}")
    table(["what", "which"], [(key, escaped(_text(found[key]))) for key in SHOWN if found[key]])


SHOWN = (
    "entry",
    "needs",
    "calls",
    "publishes",
    "consumes",
    "live",
    "needed_by",
    "endpoints",
    "unmet",
    "database",
    "log",
)


def description(service: str, name: str) -> dict[str, Any]:
    """All that manifest and sandbox say of a part."""
    manifest, place = platform()[service], sandbox(name)
    backend = backend_of(place)
    child = backend.layout().of_part(service)
    now = part_status(backend, child, next(each for each in child.instances if each.part == service))
    return {
        "name": manifest.name,
        "title": manifest.title,
        "kind": manifest.kind,
        "state": now.state,
        "unmet": now.unmet,
        "endpoints": now.endpoints,
        "entry": manifest.entry,
        "needs": list(manifest.needs),
        "needed_by": [part.name for part in platform() if service in part.needs],
        "calls": list(manifest.calls),
        "publishes": [event.name for event in manifest.publishes],
        "consumes": [event.name for event in manifest.consumes],
        "live": [event.name for event in manifest.live],
        "database": str(place.data / f"{service}.db") if manifest.database else None,
        "log": str(backend.logs(service)[0]),
    }


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{key}  {said}" for key, said in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)
