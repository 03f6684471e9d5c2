"""Three ways to draw the stream of progress: for a person, for a program, not at all."""

import sys
from collections.abc import Callable

import msgspec

from tradectl.stack.events import Kind, StackEvent

Listener = Callable[[StackEvent], None]
WORDS: dict[Kind, str] = {
    "chosen": "is the backend:",
    "bound": "ports are bound",
    "imported": "libraries are loaded",
    "ready": "is ready",
    "quote": "has the first quote",
    "crashed": "failed and is started again",
    "restarting": "is started again",
    "drained": "is at rest",
    "copied": "is copied",
    "restored": "is put back",
    "emptied": "is emptied",
}
WHOLE = 100
"""Per cent."""
MARKS: dict[Kind, str] = {"crashed": "[yellow]![/]", "restarting": "[yellow]![/]"}


def terminal(event: StackEvent) -> None:
    """A line for what is done; a bar for what is on its way over the network."""
    from tradectl.cli.output import escaped, stderr

    if event.kind == "pulling":
        _pulling(event)
        return
    said = WORDS.get(event.kind)
    if said is None:
        return
    took = "" if event.seconds is None else f" [dim]{event.seconds:.2f} s[/]"
    text = f" [dim]{escaped(event.text)}[/]" if event.text else ""
    subject = f"{event.part:<16}" if event.part else f"{'stack':<16}"
    stderr().print(f"{MARKS.get(event.kind, '[green]✓[/]')} {subject}{said}{took}{text}")


def _pulling(event: StackEvent) -> None:
    """Bars where somebody looks; elsewhere a line for each image that is there."""
    from tradectl.cli.output import escaped, stderr

    done = (event.percent or 0) >= WHOLE
    if stderr().is_terminal:
        from tradectl.cli.bars import BARS

        BARS.show(event.part, event.text, event.percent or 0)
    elif done:
        stderr().print(f"[green]✓[/] {event.part:<16}is pulled [dim]{escaped(event.text)}[/]")


def end() -> None:
    """Nothing is drawn any more."""
    if "tradectl.cli.bars" in sys.modules:
        sys.modules["tradectl.cli.bars"].BARS.end()


def as_json(event: StackEvent) -> None:
    """A JSON document a line."""
    sys.stderr.write(msgspec.json.encode(event).decode() + "\n")
    sys.stderr.flush()


def quiet(_: StackEvent) -> None:
    """Nothing: the exit code says it."""
