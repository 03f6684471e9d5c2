"""tradectl topology"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tradectl.cli.options import Json
from tradectl.errors import ExitCode, TradectlError

app = typer.Typer(
    add_completion=False, help="Write the files that are generated from the topology, and the secrets that they need."
)
TO = typer.Option("--to", help="The folder.", show_default="of this checkout")


class What(StrEnum):
    """What can be generated."""

    COMPOSE = "compose"


@app.command(epilog="Example: tradectl topology render compose")
def render(
    what: Annotated[What, typer.Argument(help="What to write: compose for compose.yaml and what it mounts.")],
    to: Annotated[Path | None, TO] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say whether what lies there is current.")
    ] = False,
    json: Json = False,
) -> None:
    """Write what follows from the manifests of all parts.

    Exit code 1: with --check, something that lies there is not current.
    """
    from tradectl.cli.output import print_json, stdout
    from tradectl.render import compose
    from tradectl.stack.topology import platform

    folder = to or compose.FOLDER
    files = compose.rendered(platform())
    stale = compose.differing(files, folder)
    if check and stale:
        hint = f"tradectl topology render {what.value}"
        raise TradectlError(f"not current in {folder}: {', '.join(stale)}", hint, ExitCode.CHECK_FAILED)
    compose.write({place: files[place] for place in stale}, folder)
    if json:
        print_json({"folder": str(folder), "files": sorted(files), "written": sorted(stale)})
        return
    stdout().print(f"{len(files)} files of {folder}, {len(stale)} of them {'new or changed' if stale else 'changed'}")


@app.command(epilog="Example: tradectl topology secrets")
def secrets(
    to: Annotated[Path | None, TO] = None,
    json: Json = False,
) -> None:
    """Make the secrets that compose.yaml names, each a file of compose/secrets; those that are there stay.

    The folder lets nobody but its owner in; a container sees those alone that it needs.
    """
    from tradectl.cli.output import print_json, stdout
    from tradectl.render import compose
    from tradectl.render.compose.secrets import make
    from tradectl.stack.topology import platform

    folder = to or compose.FOLDER / "secrets"
    made = make(platform(), folder)
    if json:
        print_json({"folder": str(folder), "made": made})
        return
    stdout().print(f"{len(made)} secrets made in {folder}")
