"""Options that several verbs share."""

from typing import Annotated

import typer

from tradectl.stack.state import DEFAULT

Name = Annotated[str, typer.Option("--name", envvar="TRADECTL_NAME", help="Which sandbox; several live side by side.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

__all__ = ["DEFAULT", "Json", "Name"]
