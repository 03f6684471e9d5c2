"""`python -m tradectl.cli.reference`: docs/reference/cli.md and the pages beside it, from the code itself."""

import inspect
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

from typer.core import TyperArgument, TyperGroup

from tradectl.cli import catalogue
from tradectl.cli.verbs import VERBS, load
from tradectl.errors import MEANINGS
from tradectl.fault import kinds
from tradectl.stack.topology import platform
from tradectl.telemetry import names

FOLDER = Path(__file__).parents[2] / "docs" / "reference"
GENERATED = "<!-- Written by `make docs`. -->"


def main() -> None:
    """Write every page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def pages() -> dict[str, str]:
    """The text of each page by its file's name."""
    return {
        "cli.md": "\n".join(_commands()),
        "exit-codes.md": "\n".join(_exit_codes()),
        "events.md": "\n".join((GENERATED, *catalogue.lines(platform()))),
        "faults.md": "\n".join((GENERATED, *kinds.lines())),
        "metrics.md": "\n".join((GENERATED, *names.lines())),
    }


def _exit_codes() -> Iterator[str]:
    yield from (GENERATED, "# Exit codes", "", "| code | name | meaning |", "|---|---|---|")
    for code, meaning in MEANINGS.items():
        yield f"| {code.value} | {code.name.lower().replace('_', ' ')} | {meaning} |"
    yield ""


def _commands() -> Iterator[str]:
    yield from (GENERATED, "# Commands", "", "| command | what it does |", "|---|---|")
    for name, verb in VERBS.items():
        yield f"| [`tradectl {name}`](#tradectl-{name}) | {verb.help} |"
    yield ""
    for name in VERBS:
        command = load(name)
        if isinstance(command, TyperGroup):
            yield from (f"## tradectl {name}", "", inspect.cleandoc(command.help or ""), "")
            for each, sub in command.commands.items():
                yield from _command(f"{name} {each}", sub, "###")
        else:
            yield from _command(name, command, "##")


def _command(name: str, command: Any, heading: str) -> Iterator[str]:
    yield from (f"{heading} tradectl {name}", "", inspect.cleandoc(command.help or ""), "")
    if command.epilog:
        yield from (f"`{command.epilog.removeprefix('Example: ')}`", "")
    if command.params:
        yield from ("| option | meaning |", "|---|---|")
        for parameter in command.params:
            yield f"| {_usage(parameter)} | {_meaning(parameter)} |"
        yield ""


def _usage(parameter: Any) -> str:
    if isinstance(parameter, TyperArgument):
        return f"`{(parameter.name or '').upper()}`"
    return ", ".join(f"`{option}`" for option in parameter.opts)


def _meaning(parameter: Any) -> str:
    said = parameter.help or ""
    kind = parameter.type_descriptor.annotation
    if isinstance(kind, type) and issubclass(kind, Enum):
        said += f" One of: {', '.join(str(choice.value) for choice in kind)}."
    default = parameter.show_default if isinstance(parameter.show_default, str) else parameter.default
    shown = getattr(default, "value", default)
    return (
        said if shown is None or isinstance(shown, bool) or not parameter.show_default else f"{said} Default: {shown}."
    )


if __name__ == "__main__":
    main()
