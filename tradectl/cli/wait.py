"""tradectl wait"""

from enum import StrEnum
from typing import Annotated, Any

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import print_json, stdout
from tradectl.probes.eventually import eventually
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.backends.local import not_up
from tradectl.stack.state import sandbox
from tradectl.stack.status import status

app = typer.Typer(add_completion=False)


class Condition(StrEnum):
    """What can be waited for."""

    READY = "ready"
    QUOTE = "quote"


@app.command(epilog="Example: tradectl wait --for quote --timeout 30")
def command(
    condition: Annotated[
        Condition, typer.Option("--for", help="Every part ready, or a first quote.")
    ] = Condition.READY,
    name: Name = DEFAULT,
    timeout: Annotated[float, typer.Option(help="Seconds until it gives up.", min=0)] = 60.0,
    json: Json = False,
) -> None:
    """Wait until the platform is ready, or quotes a price."""
    place = sandbox(name)
    backend = backend_of(place)

    def met() -> dict[str, Any] | None:
        if not place.in_use():
            raise not_up(place)
        if condition is Condition.QUOTE:
            return backend.quote()
        return {"ready": True} if status(place).up else None

    found = eventually(
        met, timeout, what=f"{condition.value} of sandbox {name}", hint="`tradectl ps` says what is missing"
    )
    if json:
        print_json({"name": name, "condition": condition.value, "found": found})
    else:
        stdout().print(f"sandbox {name}: {condition.value}")
