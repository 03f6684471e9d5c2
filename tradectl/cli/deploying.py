"""How `tradectl deploy` shows what it found."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from tradectl.cli.output import BAD, GOOD, WAITING, escaped, new_table, stderr, stdout

if TYPE_CHECKING:
    from rich.console import RenderableType

    from tradectl.deploy.api import Cluster
    from tradectl.deploy.difference import Difference
    from tradectl.deploy.status import Status
    from tradectl.deploy.verdict import State

COLOURS = {"arrived": GOOD, "on its way": WAITING, "failed": BAD, "errored": BAD}
MARKS = {"added": "[green]+[/]", "changed": "[yellow]~[/]", "removed": "[red]-[/]"}
MOST = 5
"""Objects that are named."""
LINES = {"+": "green", "-": "red", "@": "cyan"}
Row = tuple[str, ...]
T = TypeVar("T")


def running(work: Callable[["Cluster"], Coroutine[Any, Any, T]], context: str | None) -> T:
    """What is done with a cluster."""
    from tradectl.deploy.api import connected

    async def whole() -> T:
        async with connected(context) as cluster:
            return await work(cluster)

    return asyncio.run(whole())


def listen(said: str) -> None:
    """A line of progress."""
    stderr().print(f"[dim]…[/] {escaped(said)}")


def state(found: "State") -> str:
    return f"[{COLOURS[found.value]}]{found.value}[/]"


def show_differences(found: Sequence["Difference"]) -> None:
    """Each object's diff, in colours where somebody looks."""
    for each in found:
        stdout().print(f"{MARKS[each.change]} [bold]{escaped(each.object)}[/] {each.change}")
        for line in each.diff.splitlines()[2:]:
            style = LINES.get(line[:1], "dim")
            stdout().print(f"    [{style}]{escaped(line)}[/]", soft_wrap=True)


def view(found: Sequence["Status"]) -> "RenderableType":
    """All environments, one below the other; what is wrong with each stands beneath it."""
    from rich.console import Group

    table = new_table(["environment", "release", "state", "since (UTC)", "by", "Argo CD", "canary"])
    for each in found:
        table.add_row(*_row(each))
    return Group(table, *(line for each in found for line in _beneath(each)))


def _row(found: "Status") -> Row:
    newest = found.around[0] if found.around else None
    argo = ", ".join(f"{name} {each.sync}/{each.health}" for name, each in found.applications.items())
    steps = [f"{each.name} {each.weight} %, {each.step}/{each.steps}" for each in found.canaries if each.on_its_way]
    return (
        found.environment,
        found.release or "none",
        state(found.verdict.state),
        newest.at[:19].replace("T", " ") if newest else "",
        escaped(newest.by) if newest else "",
        argo,
        "; ".join(steps),
    )


def _beneath(found: "Status") -> Iterator[str]:
    name = f"[bold]{found.environment}[/]"
    if found.verdict.why:
        yield f"{name}: {escaped(found.verdict.why)}"
    yield from (f"{name}: [yellow]{escaped(each)}[/]" for each in found.closed)
    if found.deploying:
        yield f"{name}: {escaped(found.deploying)} deploys"
    if found.drift:
        more = f" and {len(found.drift) - MOST} more" if found.drift[MOST:] else ""
        yield f"{name}: [yellow]drift[/] {escaped(', '.join(found.drift[:MOST]))}{more}: not as Git has it"
    for each in found.canaries:
        yield from (f"{name}: {each.name} analysis: {escaped(said)}" for said in each.analysis if each.on_its_way)
    for trouble in found.troubles:
        yield f"{name}: [{BAD}]{trouble.reason}[/] {trouble.pod} {escaped(trouble.message)}"
        yield from (f"    [dim]{escaped(line)}[/]" for line in trouble.lines)
    yield from (f"{name}: [{BAD}]{each.severity}[/] {each.name}: {escaped(each.summary)}" for each in found.alerts)
    if not found.watched:
        yield f"{name}: [yellow]Alertmanager does not answer[/]: nobody knows of alerts"
    if len(found.around) > 1:
        before = ", ".join(f"{each.release} ({each.at[:10]}, {escaped(each.by)})" for each in found.around[1:])
        yield f"{name}: [dim]before it {before}[/]"


def show_refusals(found: Mapping[str, Sequence[str]]) -> None:
    for environment, said in found.items():
        for each in said:
            stdout().print(f"[yellow]{environment}[/] {escaped(each)}")
