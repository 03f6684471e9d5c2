"""tradectl fault"""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any

import typer

from services.contracts.faults import KINDS, Fault
from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, stdout, table
from tradectl.errors import ExitCode, TradectlError
from tradectl.fault import run
from tradectl.fault.duration import seconds
from tradectl.fault.kinds import graded, kind_of, lacking
from tradectl.stack.state import sandbox

HELP = """Break something on purpose, for a while.

A fault lives in the part that suffers it and ends there by itself, whatever becomes of this command.
"""
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)


def given(said: str) -> Any:
    """An option that grades some kinds."""
    return typer.Option(help=said, show_default=False)


@app.command(epilog="Example: tradectl fault add provider.latency --ms 300 --for 10s")
def add(
    kind: Annotated[str, typer.Argument(help="What to break; `tradectl fault kinds` lists it all.")],
    name: Name = DEFAULT,
    for_: Annotated[str, typer.Option("--for", help="How long: 500ms, 10s, 2m, up to 1h.")] = "30s",
    seed: Annotated[int, typer.Option(help="The stream of chance that it draws from.")] = 1,
    ms: Annotated[float | None, given("Milliseconds.")] = None,
    percent: Annotated[float | None, given("How often it happens, or how much.")] = None,
    every: Annotated[float | None, given("Seconds between two times.")] = None,
    rate: Annotated[float | None, given("KiB a second.")] = None,
    offset: Annotated[float | None, given("Numbers by which a message is off.")] = None,
    mib: Annotated[float | None, given("MiB.")] = None,
    symbol: Annotated[str | None, given("The symbol that suffers it.")] = None,
    service: Annotated[str | None, given("The service that suffers it, or one instance of it.")] = None,
    between: Annotated[str | None, given("The two parts that it lies between: orders,broker.")] = None,
    server: Annotated[str | None, given("The server that suffers it.")] = None,
    json: Json = False,
) -> None:
    """Begin a fault; it is over after a while by itself."""
    asked = {
        "ms": ms,
        "percent": percent,
        "every": every,
        "rate": rate,
        "offset": offset,
        "mib": mib,
        "symbol": symbol,
        "service": service,
        "between": between,
        "server": server,
    }
    parameters = {option: value for option, value in asked.items() if value is not None}
    begun = run.add(sandbox(name), kind, parameters, seconds=seconds(for_), seed=seed)
    _show(begun, json=json, said="begun")


@app.command("list", epilog="Example: tradectl fault list --json")
def list_(name: Name = DEFAULT, json: Json = False) -> None:
    """List what is broken now."""
    _show(run.active(sandbox(name)), json=json, said="")


@app.command(epilog="Example: tradectl fault clear --all")
def clear(
    id: Annotated[str | None, typer.Argument(help="The id of one fault.", show_default=False)] = None,
    name: Name = DEFAULT,
    everything: Annotated[bool, typer.Option("--all", help="Every fault.")] = False,
    json: Json = False,
) -> None:
    """End a fault before its time."""
    if everything == (id is not None):
        hint = "`tradectl fault list` shows ids; --all takes every one"
        raise TradectlError("name an id or say --all, one of them", hint, ExitCode.BAD_INPUT)
    _show(run.clear(sandbox(name), id), json=json, said="ended")


@app.command(epilog="Example: tradectl fault kinds fix.gap")
def kinds(
    kind: Annotated[str | None, typer.Argument(help="One kind alone.", show_default="all")] = None,
    name: Name = DEFAULT,
    json: Json = False,
) -> None:
    """List what can be broken, how it is graded, and what the sandbox lacks for it."""
    chosen = [kind_of(kind)] if kind else list(KINDS.values())
    lacks = {each.name: lacking(each, sandbox(name)) for each in chosen}
    if json:
        print_json({"items": [{**asdict(each), "lacks": lacks[each.name]} for each in chosen]})
        return
    told = ((each.name, each.does, "\n".join(map(graded, each.parameters)), lacks[each.name]) for each in chosen)
    table(["kind", "what it does", "graded by", "lacks"], told)


def _show(faults: list[Fault], *, json: bool, said: str) -> None:
    if json:
        import msgspec

        print_json({"items": msgspec.to_builtins(faults)})
        return
    if not faults:
        stdout().print("nothing is broken on purpose")
        return
    table(["id", "fault", "in", "graded by", "until (UTC)", *([""] if said else [])], rows(faults, said))


def rows(faults: Iterable[Fault], said: str = "") -> Iterable[tuple[object, ...]]:
    """A row a fault."""
    for each in faults:
        terms = ", ".join(f"{name} {value}" for name, value in each.parameters.items())
        until = datetime.fromtimestamp(each.until / 1e6, UTC)
        yield (each.id, each.kind, each.part, escaped(terms), f"{until:%H:%M:%S}", *([said] if said else []))
