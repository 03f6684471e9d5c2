"""``dead`` and ``retry`` of tradectl mail and tradectl push."""

from typing import Annotated

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, stdout, table
from tradectl.errors import ExitCode, TradectlError
from tradectl.overview.undelivered import Kind, retry, undelivered
from tradectl.stack.state import sandbox

Ids = Annotated[
    list[str] | None, typer.Argument(metavar="[ID]...", help="Notifications by their ids.", show_default=False)
]
Everything = Annotated[bool, typer.Option("--all", help="All that were given up.")]


def add(app: typer.Typer, verb: str, kind: Kind, *, what: str, address: str) -> None:
    """Both commands to a verb; ``address`` is the field that says where the message should have gone."""

    @app.command("dead", epilog=f"Example: tradectl {verb} dead", help=f"List {what} that were given up, and why.")
    def dead(name: Name = DEFAULT, json: Json = False) -> None:
        found = undelivered(sandbox(name), kind)
        if json:
            print_json({"items": found})
            return
        if not found:
            stdout().print(f"no {what} were given up")
            return
        rows = [(each["notification_id"], each["attempts"], each[address], escaped(each["error"])) for each in found]
        table(["notification", "attempts", "to", "why"], rows)

    @app.command("retry", epilog=f"Example: tradectl {verb} retry --all", help=f"Try {what} again that were given up.")
    def again(ids: Ids = None, name: Name = DEFAULT, everything: Everything = False, json: Json = False) -> None:
        if everything == bool(ids):
            hint = f"`tradectl {verb} dead` shows ids; --all takes every one"
            raise TradectlError("name ids or say --all, one of them", hint, ExitCode.BAD_INPUT)
        done = retry(sandbox(name), kind, ids or ())
        if json:
            print_json({"retried": done})
            return
        stdout().print(f"{done} {what} are tried again")
