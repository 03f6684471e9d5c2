"""tradectl release"""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tradectl.cli import releasing
from tradectl.cli.options import Json
from tradectl.cli.output import print_json, stdout
from tradectl.errors import ExitCode

if TYPE_CHECKING:
    from tradectl.release.scans.finding import Scan

HELP = "Scan, build, sign and publish releases, and keep what was seen of them."
app = typer.Typer(add_completion=False, no_args_is_help=True, help=HELP)
Root = Annotated[Path, typer.Option("--checkout", help="The platform's own repository.", show_default="here")]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", help="code, dependencies, secrets, dockerfiles or charts; again for more."),
]
Schemas = Annotated[
    Path | None,
    typer.Option(
        envvar="TRADECTL_KUBERNETES_SCHEMAS",
        help="JSON schemas of kinds, for kubeconform; without them kubernetes-validate knows the built-in ones.",
        show_default=False,
    ),
]
Repository = Annotated[
    str | None,
    typer.Option(
        "--environments",
        envvar="TRADECTL_ENVIRONMENTS",
        help="The environments repository: anything that Git clones.",
        show_default=False,
    ),
]
HERE = Path()


@app.command(epilog="Example: tradectl release scan --into reports")
def scan(
    checkout: Root = HERE,
    only: Only = None,
    into: Annotated[
        Path | None,
        typer.Option(help="Write scans.json there, and GitLab's report formats.", file_okay=False, show_default=False),
    ] = None,
    schemas: Schemas = None,
    json: Json = False,
) -> None:
    """Look for faults: code, dependencies, secrets, Dockerfiles and charts. It changes nothing.

    Ends with 1 when something was found that security/accepted.yaml does not accept, or accepts no longer.
    """
    from tradectl.release.scans import gitlab, report

    root = checkout.resolve()
    done = report.scan(root, _wanted(only), releasing.quiet if json else releasing.scanned, schemas)
    if into:
        gitlab.write(done, root, into)
        (into / report.FILE).write_bytes(report.encoded(done))
    if json:
        print_json({"ok": done.ok, **releasing.builtins(done)})
    else:
        releasing.show_scans(done)
        if into:
            stdout().print(f"[dim]{into}[/]")
    if not done.ok:
        raise typer.Exit(ExitCode.CHECK_FAILED)


def _wanted(only: list[str] | None) -> "list[Scan]":
    from tradectl.release.scans.finding import Scan

    if unknown := set(only or ()) - set(Scan):
        raise typer.BadParameter(f"{', '.join(unknown)}: one of {', '.join(Scan)}", param_hint="--only")
    return [each for each in Scan if not only or each in only]


@app.command("list", epilog="Example: tradectl release list")
def list_(environments: Repository = None, json: Json = False) -> None:
    """List the releases, the oldest first, and where each is."""
    from tradectl.release.environments import ORDER
    from tradectl.release.opening import opened

    with opened(environments) as found:
        there = {each: now.release for each in ORDER if (now := found.deployed(each))}
        releases = [found.release(version) for version in found.releases()]
    rows = [
        {
            "version": each.version,
            "commit": each.commit,
            "built": each.built,
            "environments": [name for name, version in there.items() if version == each.version],
        }
        for each in releases
    ]
    if json:
        print_json({"items": rows})
        return
    releasing.show_list(rows)
