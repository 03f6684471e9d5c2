"""tradectl push"""

from typing import Annotated, Any

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json, print_json_line, stderr, stdout, table
from tradectl.cli.running import ask, endpoints
from tradectl.cli.undelivered import add
from tradectl.trader.browser import shown

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Read what was pushed to browsers, and be one.")


@app.command("list", epilog="Example: tradectl push list --subscription 1")
def listing(
    name: Name = DEFAULT,
    subscription: Annotated[int | None, typer.Option(help="Only pushes to this one.", min=1)] = None,
    since: Annotated[int, typer.Option(help="Only pushes after this number.", min=0)] = 0,
    limit: Annotated[int, typer.Option(help="At most so many.", min=1, max=200)] = 50,
    json: Json = False,
) -> None:
    """List pushes, the oldest first, as the browser reads them."""
    query = {"since": str(since), "limit": str(limit)}
    query |= {"subscription": str(subscription)} if subscription is not None else {}
    items = [shown(each) for each in ask("GET", f"{endpoints(name)['push.http']}/messages", **query)["items"]]
    if json:
        print_json({"items": items})
        return
    rows = [(each["id"], each["received_at"][:19], each["subscription"], escaped(titled(each))) for each in items]
    table(["number", "received", "subscription", "title"], rows)


@app.command(epilog="Example: tradectl push show 1")
def show(
    number: Annotated[int, typer.Argument(help="The number of a push.", min=1)],
    name: Name = DEFAULT,
    json: Json = False,
) -> None:
    """Show one push."""
    push = shown(ask("GET", f"{endpoints(name)['push.http']}/messages/{number}"))
    if json:
        print_json(push)
        return
    for label, value in (("To", push["endpoint"]), ("Title", titled(push)), ("Deliveries", str(push["deliveries"]))):
        stdout().print(f"[bold]{label}[/]: {escaped(value)}")
    stdout().print(f"\n{escaped(push['content'].get('text') or push['text'] or '')}")


@app.command(epilog="Example: tradectl push subscribe --label phone")
def subscribe(
    name: Name = DEFAULT,
    key: Annotated[
        str | None, typer.Option(help="The platform's push key; without it anybody may push.", metavar="KEY")
    ] = None,
    label: Annotated[str, typer.Option(help="What it is called here.")] = "",
    json: Json = False,
) -> None:
    """Subscribe as a browser does, and print what the platform's `POST /notifications/push-subscriptions` takes."""
    body = {"label": label, **({"application_server_key": key} if key else {})}
    made = ask("POST", f"{endpoints(name)['push.http']}/subscriptions", body=body)
    stderr().print(f"subscription {made['id']}: `tradectl push list --subscription {made['id']}` shows what comes")
    browser = {"endpoint": made["endpoint"], "keys": made["keys"]}
    (print_json if json else print_json_line)(browser)


def titled(push: dict[str, Any]) -> str:
    """The title, or why there is none."""
    return str(push["content"].get("title") or push["error"] or "")


add(app, "push", "pushes", what="pushes", address="endpoint")
