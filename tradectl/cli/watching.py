"""The rest of `up --watch`: what happens as files are changed."""

import sys
from contextlib import suppress
from json import dumps

from tradectl.cli.output import escaped, stderr, stdout
from tradectl.stack import watch as watching
from tradectl.stack.state import sandbox
from tradectl.stack.watch import Restarted


def watch(name: str, *, json: bool) -> None:
    """Until interrupted, which leaves the sandbox up."""
    with suppress(KeyboardInterrupt):
        watching.watch(sandbox(name), _begun, _show_json if json else _show)


def _begun() -> None:
    stderr().print("[bold green]●[/] watching the sources; an interrupt ends that, and leaves everything up")


def _show(done: Restarted) -> None:
    children = ", ".join(done.children)
    files = escaped(", ".join(done.files))
    if done.error is None:
        stdout().print(f"[green]✓[/] {children} ready again [dim]{done.seconds:.2f} s  {files}[/]")
    else:
        stdout().print(f"[bold red]✗[/] {done.error.message} [dim]{done.error.hint}  {files}[/]")


def _show_json(done: Restarted) -> None:
    error = None if done.error is None else done.error.message
    document = {"files": done.files, "children": done.children, "seconds": round(done.seconds, 3), "error": error}
    sys.stdout.write(dumps(document) + "\n")
    sys.stdout.flush()
