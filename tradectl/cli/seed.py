"""tradectl seed"""

import os
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import print_json, stderr, stdout
from tradectl.cli.running import endpoints
from tradectl.errors import ExitCode, TradectlError
from tradectl.seed.run import Seeded, run, tenths
from tradectl.stack.state import sandbox

if TYPE_CHECKING:
    from rich.progress import Progress

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl seed --accounts 1000 --orders 10000")
def command(
    name: Name = DEFAULT,
    accounts: Annotated[int, typer.Option(help="People with an account and money.", min=1, max=10_000_000)] = 1_000,
    orders: Annotated[int, typer.Option(help="Orders of theirs, all ended.", min=0, max=100_000_000)] = 10_000,
    seed: Annotated[int, typer.Option(help="The same one makes the same people and orders.", min=0)] = 1,
    password_env: Annotated[
        str | None,
        typer.Option(help="The environment variable with the one password of all these people.", show_default=False),
    ] = None,
    json: Json = False,
) -> None:
    """Fill the sandbox with people and old orders, through the services' own stores.

    What is there of the same seed stays: cut off, it goes on when it is given again. People go by
    seed-SEED-NUMBER@example.com, from 0 on; without --password-env nobody can log in as they.
    """
    password = _password(password_env)
    found, key = endpoints(name), sandbox(name).keys()["key"]
    missing = [part for part in PARTS if f"{part}.http" not in found]
    if missing:
        hint = "`tradectl up` without --only"
        raise TradectlError(f"the sandbox runs without {', '.join(missing)}", hint, ExitCode.NOT_UP)
    with Teller(json=json) as teller:
        done = run(found, key, accounts, orders, seed, teller.tell, password)
    _show(done, json=json)


LEAST, MOST = 10, 128
"""Characters of a password."""
PARTS = ("auth", "orders", "portfolio", "notifications", "chat")


def _password(variable: str | None) -> str:
    """What it holds; empty without one. TradectlError for one that auth would not take."""
    if variable is None:
        return ""
    password = os.environ.get(variable, "")
    if not LEAST <= len(password) <= MOST:
        said = f"{variable} holds {len(password)} characters, and a password has {LEAST} to {MOST}"
        raise TradectlError(said, f"read -rs {variable}; export {variable}", ExitCode.USAGE)
    return password


def _show(done: Seeded, *, json: bool) -> None:
    if json:
        print_json(done)
        return
    stdout().print(f"{done.accounts} accounts, {done.orders} orders [dim]in {done.seconds:.1f} s[/]")


class Teller:
    """A bar for each kind where somebody looks; else a line each tenth."""

    def __init__(self, *, json: bool) -> None:
        self._quiet = json
        self._bars: Progress | None = None
        self._tasks: dict[str, Any] = {}
        self._said: dict[str, int] = {}

    def __enter__(self) -> "Teller":
        if stderr().is_terminal and not self._quiet:
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bars = Progress(*columns, console=stderr())
            self._bars.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bars is not None:
            self._bars.stop()

    def tell(self, what: str, done: int, whole: int) -> None:
        """So many of so many."""
        if self._bars is not None:
            if what not in self._tasks:
                self._tasks[what] = self._bars.add_task(what, total=whole)
            self._bars.update(self._tasks[what], completed=done)
        elif not self._quiet:
            reached = tenths(done, whole)
            if reached > self._said.get(what, 0):
                self._said[what] = reached
                stderr().print(f"{what}: {done} of {whole}")
