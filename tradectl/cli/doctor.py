"""tradectl doctor"""

from dataclasses import asdict

import typer

from tradectl.cli.options import Json
from tradectl.cli.output import escaped, print_json, stdout, table
from tradectl.doctor import Check, examine
from tradectl.errors import ExitCode

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl doctor --json")
def command(json: Json = False) -> None:
    """Look for what would keep the platform from starting."""
    checks = examine()
    well = all(check.ok for check in checks)
    if json:
        print_json({"ok": well, "checks": [{**asdict(check), "ok": check.ok} for check in checks]})
    else:
        rows = [(mark(each), each.name, escaped(each.found), escaped(each.mend)) for each in checks]
        table(["", "check", "found", "mend"], rows)
        stdout().print("all is well" if well else "[bold red]not everything is well[/]")
    if not well:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def mark(check: Check) -> str:
    """A note is neither well nor wrong."""
    if not check.ok:
        return "[bold red]✗[/]"
    return "[yellow]•[/]" if check.mend else "[green]✓[/]"
