"""tradectl mail"""

from typing import Annotated

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, stdout, table
from tradectl.cli.running import ask, endpoints
from tradectl.cli.undelivered import add

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Read the mail that the platform has sent.")


@app.command("list", epilog="Example: tradectl mail list --to you@example.com")
def listing(
    name: Name = DEFAULT,
    to: Annotated[str | None, typer.Option(help="Only mail to this address.")] = None,
    since: Annotated[int, typer.Option(help="Only mail after this number.", min=0)] = 0,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=200)] = 50,
    json: Json = False,
) -> None:
    """List mail, the oldest first."""
    query = {"since": str(since), "limit": str(limit), **({"to": to} if to else {})}
    items = ask("GET", f"{endpoints(name)['mail.http']}/messages", **query)["items"]
    if json:
        print_json({"items": items})
        return
    rows = [(each["id"], each["received_at"][:19], ", ".join(each["to"]), escaped(each["subject"])) for each in items]
    table(["number", "received", "to", "subject"], rows)


@app.command(epilog="Example: tradectl mail show 1")
def show(
    number: Annotated[int, typer.Argument(help="The number of a mail.", min=1)],
    name: Name = DEFAULT,
    json: Json = False,
) -> None:
    """Show one mail."""
    mail = ask("GET", f"{endpoints(name)['mail.http']}/messages/{number}")
    if json:
        print_json(mail)
        return
    for label, value in (("From", mail["from"]), ("To", ", ".join(mail["to"])), ("Subject", mail["subject"])):
        stdout().print(f"[bold]{label}[/]: {escaped(value)}")
    stdout().print(f"\n{escaped(mail['text'] or '')}")


add(app, "mail", "deliveries", what="mails", address="address")
