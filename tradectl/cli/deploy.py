"""tradectl deploy"""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tradectl.cli import canaries, deploying
from tradectl.cli.options import Json
from tradectl.cli.output import escaped, plain, print_json, print_json_line, stderr, stdout, table
from tradectl.errors import ExitCode, TradectlError

if TYPE_CHECKING:
    from tradectl.deploy.api import Cluster
    from tradectl.deploy.forward import Outcome, Wanted
    from tradectl.release.environments import Environments

HELP = """Bring a release into an environment of the real cluster, watch it, and take it back: by Git and Argo CD.

Each change is a commit to the environments repository that says who, what and why; the cluster is asked with your own
kubeconfig. A release goes through dev, stage and prod.
"""
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)
app.add_typer(canaries.app, name="canary")
WATCH_EVERY = 2.0
"""Seconds."""


class Environment(StrEnum):
    """The way of a release."""

    DEV = "dev"
    STAGE = "stage"
    PROD = "prod"


class Further(StrEnum):
    """Where a release is promoted to."""

    STAGE = "stage"
    PROD = "prod"


Where = Annotated[Environment, typer.Argument(metavar="ENV", help="dev, stage or prod.", show_default=False)]
Repository = Annotated[
    str | None,
    typer.Option(
        "--environments",
        envvar="TRADECTL_ENVIRONMENTS",
        help="The environments repository: a URL that Git clones.",
        show_default=False,
    ),
]
Context = Annotated[
    str | None, typer.Option("--context", help="A context of your kubeconfig.", show_default="the current one")
]
Why = Annotated[str, typer.Option("--why", "-m", help="Why, for the commit.", show_default=False)]
Override = Annotated[
    str, typer.Option("--override", help="Go on although something stands in the way, and why.", show_default=False)
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")]
Patience = Annotated[float, typer.Option("--timeout", help="Seconds to wait until it is there; 0 does not wait.")]
Release = Annotated[str, typer.Option("--release", help="Its version.", show_default=False)]


@app.command(epilog="Example: tradectl deploy apply dev --release 1.4.0 --why 'the new order ticket'")
def apply(
    environment: Where,
    release: Release,
    why: Why = "",
    override: Override = "",
    timeout: Patience = 1_800,
    dry: DryRun = False,
    environments: Repository = None,
    context: Context = None,
    json: Json = False,
) -> None:
    """Have a release in an environment, and wait until it is there. The same again takes up what was interrupted.

    Refused, with what is missing, unless everything that has to be seen of it was seen.
    """
    from tradectl.deploy.forward import Wanted

    wanted = Wanted(environment=environment.value, release=release, why=why, over=override, patience=timeout)
    _forward(wanted, environments, context, dry=dry, json=json)


@app.command(epilog="Example: tradectl deploy promote 1.4.0 --to stage")
def promote(
    release: Annotated[str, typer.Argument(metavar="RELEASE", help="Its version.", show_default=False)],
    to: Annotated[Further, typer.Option("--to", help="stage or prod.", show_default=False)],
    why: Why = "",
    override: Override = "",
    timeout: Patience = 1_800,
    dry: DryRun = False,
    environments: Repository = None,
    context: Context = None,
    json: Json = False,
) -> None:
    """Have in stage what dev has, or in prod what stage has."""
    from tradectl.deploy.forward import Wanted

    wanted = Wanted(environment=to.value, release=release, why=why, over=override, patience=timeout)
    _forward(wanted, environments, context, dry=dry, json=json)


def _forward(wanted: "Wanted", url: str | None, context: str | None, *, dry: bool, json: bool) -> None:
    from tradectl.deploy import forward
    from tradectl.release.opening import opened

    with opened(url) as environments:
        if dry:
            _would(environments, wanted, json=json)
            return
        over = forward.overridden(environments, wanted)
        done = deploying.running(
            lambda cluster: forward.deploy(environments, cluster, wanted, over, deploying.listen), context
        )
    if json:
        print_json(forward.document(done))
    else:
        _ended(done)
    if wanted.patience or done.state.value != "on its way":
        _end(done.state.value)


def _would(environments: "Environments", wanted: "Wanted", *, json: bool) -> None:
    """What a deploy would do, and what stands in its way; ends with 9 where something does."""
    from tradectl.deploy.forward import in_the_way

    there = environments.deployed(wanted.environment)
    obstacles = in_the_way(environments, wanted)
    before = there.release if there else None
    if json:
        told = {"environment": wanted.environment, "release": wanted.release, "before": before}
        print_json({**told, "in_the_way": obstacles})
    else:
        stdout().print(f"{wanted.environment} would go from {before or 'nothing'} to {wanted.release}")
        deploying.show_refusals({wanted.environment: obstacles})
    if obstacles and not wanted.over:
        raise typer.Exit(ExitCode.CONFLICT)


def _ended(done: "Outcome") -> None:
    said = f"{done.environment} has {done.release}" if done.state.value == "arrived" else done.release
    why = f": {escaped(done.why)}" if done.why else ""
    stdout().print(f"{said} [dim](before: {done.before or 'nothing'})[/] {deploying.state(done.state)}{why}")
    for each in done.overridden:
        stdout().print(f"[yellow]overridden[/] {escaped(each)}")
    if done.reverted:
        stdout().print(f"Git names {done.before} again: commit {done.reverted[:9]}")
    if done.state.value == "on its way":
        stdout().print(f"next [cyan]tradectl deploy status {done.environment} --watch[/]")
    elif done.state.value in {"failed", "errored"} and not done.reverted:
        stdout().print(f"next [cyan]tradectl deploy status {done.environment}[/], then mend it or [cyan]rollback[/]")


def _end(state: str) -> None:
    """Failed is 1, errored 10, not yet 6."""
    codes = {"failed": ExitCode.CHECK_FAILED, "errored": ExitCode.START_FAILED, "on its way": ExitCode.TIMEOUT}
    if state in codes:
        raise typer.Exit(codes[state])


@app.command(epilog="Example: tradectl deploy diff prod --release 1.4.0")
def diff(
    environment: Where,
    release: Annotated[
        str | None, typer.Option("--release", help="Its version.", show_default="what Git says: drift")
    ] = None,
    environments: Repository = None,
    context: Context = None,
    json: Json = False,
) -> None:
    """Show what would change, as the API server would make it; secrets are masked.

    Ends with 0 where nothing would, 1 where something would, 2 where it cannot be told.
    """
    from tradectl.deploy.difference import differences
    from tradectl.release.opening import opened

    async def asked(cluster: "Cluster") -> Any:
        from tradectl.deploy.applications import applications
        from tradectl.deploy.rendered import rendered

        found = await applications(cluster, environment.value)
        return await differences(cluster, environment.value, rendered(at, environment.value, release), found)

    try:
        with opened(environments) as at:
            found = deploying.running(asked, context)
    except TradectlError as error:
        raise TradectlError(error.message, error.hint, ExitCode.USAGE) from error
    if json:
        print_json({"environment": environment.value, "differences": plain(found)})
    elif found:
        deploying.show_differences(found)
    else:
        stdout().print(f"{environment.value} is as Git has it")
    if found:
        raise typer.Exit(ExitCode.CHECK_FAILED)


@app.command(epilog="Example: tradectl deploy status prod --watch")
def status(
    environment: Annotated[
        Environment | None, typer.Argument(metavar="[ENV]", help="dev, stage or prod.", show_default="all")
    ] = None,
    watch: Annotated[bool, typer.Option("--watch", "-w", help="Draw it again until interrupted.")] = False,
    environments: Repository = None,
    context: Context = None,
    json: Json = False,
) -> None:
    """Show what each environment has and how it is: drift, failing pods with their last lines, canaries, alerts.

    Ends with 1 where one is not well.
    """
    from tradectl.deploy import status as facts
    from tradectl.release.opening import opened

    names = [environment] if environment else list(Environment)

    async def asked(cluster: "Cluster") -> list[facts.Status]:
        with opened(environments) as at:
            return [await facts.status(at, cluster, each.value) for each in names]

    async def watched(cluster: "Cluster") -> None:
        from rich.live import Live

        with Live(console=stdout(), auto_refresh=False) as live:
            while True:
                found = await asked(cluster)
                if json:
                    print_json_line([facts.document(each) for each in found])
                else:
                    live.update(deploying.view(found), refresh=True)
                await asyncio.sleep(WATCH_EVERY)

    if watch:
        deploying.running(watched, context)
        return
    found = deploying.running(asked, context)
    if json:
        print_json([facts.document(each) for each in found])
    else:
        stdout().print(deploying.view(found))
    if not all(each.well for each in found if each.release):
        raise typer.Exit(ExitCode.CHECK_FAILED)


@app.command(epilog="Example: tradectl deploy history prod")
def history(environment: Where, environments: Repository = None, json: Json = False) -> None:
    """Show every change of what an environment has, the newest first: who, what, when, why."""
    from tradectl.release.opening import opened

    with opened(environments) as at:
        found = list(at.history(environment.value))
    if json:
        print_json({"environment": environment.value, "items": plain(found)})
        return
    rows = [
        (each.at[:19].replace("T", " "), each.release, escaped(each.by), escaped(each.said), each.commit[:9])
        for each in found
    ]
    table(["when", "release", "by", "what", "commit"], rows)


@app.command(epilog="Example: tradectl deploy rollback prod --why 'orders are rejected'")
def rollback(
    environment: Where,
    to: Annotated[str | None, typer.Option("--to", help="A release it has had.", show_default="the one before")] = None,
    why: Why = "",
    dry: DryRun = False,
    environments: Repository = None,
    context: Context = None,
    json: Json = False,
) -> None:
    """Go back to a release that was there: a revert in Git, and the wait until it is there.

    Refused, with the way forward, where a migration that contracts stands between.
    """
    from tradectl.deploy import back
    from tradectl.release.opening import opened

    with opened(environments) as at:
        there, change = back.earlier(at, environment.value, to)
        back.refuse(at, there, change.release)
        if dry:
            told = {"environment": environment.value, "release": change.release, "before": there}
            if json:
                print_json(told)
            else:
                stdout().print(f"{environment.value} would go from {there} back to {change.release}")
            return
        done = deploying.running(
            lambda cluster: back.rollback(at, cluster, environment.value, to, why, deploying.listen), context
        )
    if json:
        print_json({**vars(done), "state": done.state.value})
    else:
        said = f": {escaped(done.why)}" if done.why else ""
        took = f"(taken back: {done.before}, {done.seconds:.0f} s)"
        stdout().print(f"{environment.value} has {done.release} {deploying.state(done.state)}{said} [dim]{took}[/]")
    _end(done.state.value)


@app.command(epilog="Example: tradectl deploy freeze prod --why 'end of the quarter' --until 2026-12-31T18:00:00Z")
def freeze(
    environment: Where,
    why: Annotated[str, typer.Option("--why", "-m", help="Why, for whoever is refused.", show_default=False)],
    until: Annotated[str, typer.Option(help="A moment, RFC 3339.", show_default="until it is thawed")] = "",
    environments: Repository = None,
    json: Json = False,
) -> None:
    """Have an environment take no release. A rollback still goes."""
    from tradectl.release.closures import freeze as frozen
    from tradectl.release.opening import opened

    with opened(environments) as at:
        made = frozen(at, environment.value, why, until)
    if json:
        print_json({"environment": environment.value, **plain(made)})
        return
    said = f" until {made.until}" if made.until else f"; [cyan]tradectl deploy thaw {environment.value}[/] ends it"
    stdout().print(f"{environment.value} takes no release{said}")


@app.command(epilog="Example: tradectl deploy thaw prod")
def thaw(environment: Where, why: Why = "", environments: Repository = None, json: Json = False) -> None:
    """Have a frozen environment take releases again."""
    from tradectl.release.closures import thaw as thawed
    from tradectl.release.opening import opened

    with opened(environments) as at:
        over = thawed(at, environment.value, why)
    if json:
        print_json({"environment": environment.value, "was": plain(over)})
        return
    stdout().print(f"{environment.value} takes releases again")
    stderr().print(f"[dim]{escaped(over.by)} had frozen it: {escaped(over.why)}[/]")


@app.command(epilog="Example: tradectl deploy reach dev -- tradectl audit")
def reach(
    environment: Where,
    command: Annotated[list[str], typer.Argument(help="What is run, after --.", show_default=False)],
    context: Context = None,
) -> None:
    """Run a command that reaches the internal pages of an environment: audit, digest, load. Ends as it ends."""
    from tradectl.deploy.reach import run

    raise typer.Exit(deploying.running(lambda cluster: run(cluster, environment.value, command), context))


@app.command(epilog="Example: tradectl deploy verify prod")
def verify(
    environment: Where,
    environments: Repository = None,
    context: Context = None,
    key: Annotated[
        Path | None,
        typer.Option("--key", help="cosign.pub.", show_default="the environments repository's", dir_okay=False),
    ] = None,
    json: Json = False,
) -> None:
    """Hold what runs against the release: all that was signed, and the images of every pod and CronJob."""
    from tradectl.cli.releasing import show_checks
    from tradectl.deploy.verify import verify as checked
    from tradectl.release.opening import opened

    with opened(environments) as at:
        found = deploying.running(lambda cluster: checked(at, cluster, environment.value, key), context)
    show_checks(found, json=json)
    if any(each.why for each in found):
        raise typer.Exit(ExitCode.CHECK_FAILED)
