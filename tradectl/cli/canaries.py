"""tradectl deploy canary"""

from typing import TYPE_CHECKING, Annotated

import typer

from tradectl.cli import deploying
from tradectl.cli.options import Json
from tradectl.cli.output import escaped, plain, print_json, stdout, table
from tradectl.errors import ExitCode, TradectlError

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from tradectl.deploy.api import Cluster
    from tradectl.deploy.canaries import Canary

HELP = "Watch and steer the canaries of an environment: the new version beside the old one, step by step."
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)

Where = Annotated[str, typer.Argument(metavar="ENV", help="prod, or where else Rollouts are.", show_default=False)]
Part = Annotated[str | None, typer.Option("--service", help="One of them.", show_default="all")]
Context = Annotated[
    str | None, typer.Option("--context", help="A context of your kubeconfig.", show_default="the current one")
]


@app.command(epilog="Example: tradectl deploy canary status prod")
def status(environment: Where, context: Context = None, json: Json = False) -> None:
    """Show how far each is, and what its analysis says. Ends with 1 where one was aborted."""
    from tradectl.deploy.canaries import canaries

    found = deploying.running(lambda cluster: canaries(cluster, environment), context)
    if json:
        print_json(plain(found))
    else:
        rows = [
            (
                each.name,
                "[bold red]aborted[/]" if each.aborted else each.phase,
                f"{each.weight} %",
                f"{each.step}/{each.steps}",
                each.stable,
                each.current,
                escaped("\n".join(each.analysis)),
            )
            for each in found
        ]
        table(["rollout", "phase", "weight", "step", "stable", "canary", "analysis"], rows)
    if any(each.aborted for each in found):
        raise typer.Exit(ExitCode.CHECK_FAILED)


@app.command(epilog="Example: tradectl deploy canary promote prod --full")
def promote(
    environment: Where,
    service: Part = None,
    full: Annotated[bool, typer.Option("--full", help="Leave out all steps and analyses that are left.")] = False,
    context: Context = None,
    json: Json = False,
) -> None:
    """End a pause, or leave out the step that is under way."""
    from tradectl.deploy import canaries

    _steer(
        environment, service, context, lambda cluster, one: canaries.promote(cluster, environment, one, full=full), json
    )


@app.command(epilog="Example: tradectl deploy canary pause prod")
def pause(environment: Where, service: Part = None, context: Context = None, json: Json = False) -> None:
    """Stay where it is until it is promoted or aborted."""
    from tradectl.deploy import canaries

    _steer(environment, service, context, lambda cluster, one: canaries.pause(cluster, environment, one), json)


@app.command(epilog="Example: tradectl deploy canary abort prod")
def abort(environment: Where, service: Part = None, context: Context = None, json: Json = False) -> None:
    """Back to what is stable, at once. Who waits for it with `apply` or `promote` takes it back in Git, too."""
    from tradectl.deploy import canaries

    _steer(environment, service, context, lambda cluster, one: canaries.abort(cluster, environment, one), json)
    if not json:
        stdout().print(f"next [cyan]tradectl deploy rollback {environment}[/], where nobody waits: Git names it still")


def _steer(
    environment: str,
    service: str | None,
    context: str | None,
    act: "Callable[[Cluster, Canary], Coroutine[None, None, None]]",
    json: bool,
) -> None:
    """Those that are on their way, or the one that is named."""
    from tradectl.deploy.canaries import canaries

    async def steered(cluster: "Cluster") -> list[str]:
        found = [each for each in await canaries(cluster, environment) if service in {None, each.name}]
        chosen = [each for each in found if each.on_its_way or service]
        if not chosen:
            what = service or "a canary on its way"
            hint = f"`tradectl deploy canary status {environment}`"
            raise TradectlError(f"{environment} has no {what}", hint, ExitCode.NOT_FOUND)
        for each in chosen:
            await act(cluster, each)
        return [each.name for each in chosen]

    done = deploying.running(steered, context)
    if json:
        print_json({"environment": environment, "rollouts": done})
    else:
        stdout().print(f"told {', '.join(done)} in {environment}")
