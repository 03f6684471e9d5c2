"""The command line's door: one error, printed once."""

import os
import sys
from typing import Annotated

import typer

from tradectl.cli.verbs import Verbs
from tradectl.errors import ExitCode, TradectlError

app = typer.Typer(
    cls=Verbs,
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Run a whole retail trading platform on this machine, against simulated markets.",
    epilog="Start with `tradectl up`, then `tradectl smoke`. `tradectl VERB --help` shows an example of each.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"tradectl {version('tradectl')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options that stand before the verb."""


def main() -> None:
    """Run a verb; its exit code is one of docs/reference/exit-codes.md."""
    try:
        app()
    except TradectlError as error:
        _print(error)
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        _print(TradectlError("interrupted"))
        sys.exit(ExitCode.INTERRUPTED)
    except BrokenPipeError:  # the reader, `head` for example, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(ExitCode.OK)


def _print(error: TradectlError) -> None:
    from tradectl.cli.output import stderr

    stderr().print(f"[bold red]error[/] {error.message}" if error.message else "", markup=True, highlight=False)
    if error.hint:
        stderr().print(f"[bold]mend[/]  {error.hint}", highlight=False)


if __name__ == "__main__":
    main()
