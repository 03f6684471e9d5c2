"""tradectl dlq"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, stdout, table
from tradectl.errors import ExitCode, TradectlError
from tradectl.overview.letters import consuming as consumers
from tradectl.overview.letters import letters
from tradectl.overview.letters import replay as put_back
from tradectl.stack.state import sandbox

HELP = """Show events that a consumer has set aside, and put them back.

An event that its handler refuses again and again lies here, and later events of the same key wait for it. Mend what
refused it, then replay it: what waited follows.
"""
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)

Service = Annotated[str, typer.Argument(help="A service that consumes events.", show_default=False)]
Letter = Annotated[int, typer.Argument(help="A dead letter's id.", min=1, show_default=False)]


@app.command("list", epilog="Example: tradectl dlq list portfolio")
def list_(
    service: Annotated[str | None, typer.Argument(help="One service alone.", show_default="all")] = None,
    name: Name = DEFAULT,
    json: Json = False,
) -> None:
    """List what was set aside, and why, the oldest first."""
    found = [letter for each in _services(service) for letter in letters(sandbox(name), each)]
    if json:
        print_json({"items": found})
        return
    if not found:
        stdout().print("no event was set aside")
        return
    table(["service", "id", "since", "event", "key", "why"], (_row(letter) for letter in found))


@app.command(epilog="Example: tradectl dlq show portfolio 8093345566418")
def show(service: Service, letter: Letter, name: Name = DEFAULT, json: Json = False) -> None:
    """Show one event with its envelope."""
    found = next(_named(letters(sandbox(name), *_services(service)), service, {letter}))
    if json:
        print_json(found)
        return
    for what, which in found["envelope"].items():
        stdout().print(f"[bold]{what}[/]: {escaped(str(which))}")
    stdout().print(f"\n{escaped(found['reason'])}")


@app.command(epilog="Example: tradectl dlq replay portfolio --all")
def replay(
    service: Service,
    chosen: Annotated[
        list[int] | None, typer.Argument(metavar="[ID]...", help="Dead letters by their ids.", show_default=False)
    ] = None,
    name: Name = DEFAULT,
    everything: Annotated[bool, typer.Option("--all", help="All that lie there.")] = False,
    json: Json = False,
) -> None:
    """Put dead letters back into the service's queue, behind what waits there."""
    if everything == bool(chosen):
        hint = f"`tradectl dlq list {service}` shows ids; --all takes every one"
        raise TradectlError("name ids or say --all, one of them", hint, ExitCode.BAD_INPUT)
    (service,) = _services(service)
    place = sandbox(name)
    which = [each["id"] for each in _named(letters(place, service), service, set(chosen))] if chosen else []
    done = put_back(place, service, which)
    if json:
        print_json(done)
        return
    stdout().print(f"{done['replayed']} put back into the queue of {service}")


def _named(found: list[dict[str, Any]], service: str, ids: set[int]) -> Iterator[dict[str, Any]]:
    """Those of these ids; TradectlError when one is missing."""
    if missing := ids - {letter["id"] for letter in found}:
        said = ", ".join(map(str, sorted(missing)))
        raise TradectlError(
            f"{service} has set aside no event {said}", f"`tradectl dlq list {service}` shows ids", ExitCode.NOT_FOUND
        )
    yield from (letter for letter in found if letter["id"] in ids)


def _services(wanted: str | None) -> list[str]:
    """Who consumes, or the one that is wanted; TradectlError when it does not."""
    consuming = consumers()
    if wanted is None:
        return consuming
    if wanted not in consuming:
        raise TradectlError(f"{wanted} consumes no events", f"these do: {', '.join(consuming)}", ExitCode.NOT_FOUND)
    return [wanted]


def _row(letter: dict[str, Any]) -> tuple[object, ...]:
    envelope = letter["envelope"]
    since = datetime.fromtimestamp(letter["time"] / 1e6, UTC)
    key = f"{envelope['producer']}:{envelope['key']} {envelope['seq']}"
    return (
        letter["service"],
        letter["id"],
        f"{since:%Y-%m-%d %H:%M:%S}",
        envelope["name"],
        key,
        escaped(letter["reason"]),
    )
