"""tradectl seed"""

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
    json: Json = False,
) -> None:
    """Fill the sandbox with people and old orders, through the services' own stores.

    What is there of the same seed stays: cut off, it goes on when it is given again. Nobody can log in as these people.
    """
    found, key = endpoints(name), sandbox(name).keys()["key"]
    missing = [part for part in PARTS if f"{part}.http" not in found]
    if missing:
        hint = "`tradectl up` without --only"
        raise TradectlError(f"the sandbox runs without {', '.join(missing)}", hint, ExitCode.NOT_UP)
    with Teller(json=json) as teller:
        done = run(found, key, accounts, orders, seed, teller.tell)
    _show(done, json=json)


PARTS = ("auth", "orders", "portfolio", "notifications", "chat")


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
