"""Options that several verbs share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from tradectl.stack.state import DEFAULT

Name = Annotated[str, typer.Option("--name", envvar="TRADECTL_NAME", help="Which sandbox; several live side by side.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
LANGUAGES = ("en", "ru")


def _language(given: str) -> str:
    if given not in LANGUAGES:
        raise typer.BadParameter(f"one of {', '.join(LANGUAGES)}")
    return given


Language = Annotated[str, typer.Option(envvar="TRADECTL_LANGUAGE", help="en or ru.", callback=_language)]
Theme = Annotated[str, typer.Option(envvar="TRADECTL_THEME", help="night, day, safe or contrast.")]
Ascii = Annotated[bool, typer.Option("--ascii", help="Draw with ASCII alone.")]
Limits = Annotated[
    list[str] | None,
    typer.Option("--set", help="A setting of a service: orders.max_open=100; repeatable.", show_default=False),
]
Feed = Annotated[
    Path | None, typer.Option(help="Replay this recording as the crypto pair; gzip or plain.", show_default=False)
]
Speed = Annotated[str | None, typer.Option(help="Market seconds a second, or max.", show_default="1")]
Seed = Annotated[int | None, typer.Option(help="The seed of all simulated chance.", show_default="1")]
At = Annotated[
    str | None, typer.Option(help="Market time of the start, RFC 3339.", show_default="2024-08-08T07:10:00Z")
]
Paused = Annotated[bool, typer.Option("--paused", help="Begin with market time standing.")]


class AtEnd(StrEnum):
    """What follows a recording."""

    LOOP = "loop"
    HALT = "halt"
    AGENTS = "agents"


Following = Annotated[AtEnd | None, typer.Option("--at-end", help="What follows a recording.", show_default="agents")]
Authority = Annotated[
    Path | None,
    typer.Option("--cacert", help="The authority that a --target's certificate is signed by.", show_default=False),
]

__all__ = [
    "DEFAULT",
    "Ascii",
    "At",
    "AtEnd",
    "Authority",
    "Feed",
    "Following",
    "Json",
    "Language",
    "Limits",
    "Name",
    "Paused",
    "Seed",
    "Speed",
    "Theme",
]
