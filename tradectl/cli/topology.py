"""tradectl topology"""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from tradectl.cli.options import Json
from tradectl.errors import ExitCode, TradectlError

app = typer.Typer(
    add_completion=False, help="Write the files that are generated from the topology, and the secrets that they need."
)
ENVOY = "Only envoy"


def _envoy(text: str) -> Any:
    """An option of what is rendered for Envoy."""
    return typer.Option(help=text, rich_help_panel=ENVOY, show_default=True)


TO = typer.Option("--to", help="The folder.", show_default="of this checkout")


class What(StrEnum):
    """What can be generated."""

    COMPOSE = "compose"
    ENVOY = "envoy"
    CHART = "chart"


@app.command(epilog="Example: tradectl topology render compose")
def render(
    what: Annotated[
        What,
        typer.Argument(
            help="What to write: compose for compose.yaml and what it mounts, envoy for the edge's two files, "
            "chart for what the charts of a cluster are told."
        ),
    ],
    to: Annotated[Path | None, TO] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; say whether what lies there is current.")
    ] = False,
    bff: Annotated[list[str] | None, _envoy("A BFF, instead of compose's: HOST:PORT; repeatable.")] = None,
    grpc: Annotated[list[str] | None, _envoy("Its gRPC door: HOST:PORT; repeatable.")] = None,
    listen: Annotated[str, _envoy("Where clients come.")] = "0.0.0.0:8443",
    metrics: Annotated[str, _envoy("Where Prometheus comes.")] = "0.0.0.0:9902",
    certificates: Annotated[str, _envoy("The folder of server.pem and server.key, as Envoy sees it.")] = "/certs",
    mounted: Annotated[str, _envoy("The folder of these files, as Envoy sees it.")] = "/etc/envoy",
    otlp: Annotated[str | None, _envoy("Where spans go, by OTLP over gRPC: HOST:PORT.")] = None,
    json: Json = False,
) -> None:
    """Write what follows from the manifests of all parts.

    Exit code 1: with --check, something that lies there is not current.
    """
    from tradectl.cli.output import print_json, stdout
    from tradectl.render import chart, compose
    from tradectl.stack.topology import platform

    if what is What.CHART:
        folder, files = to or chart.FOLDER, chart.rendered(platform())
    elif what is What.ENVOY:
        folder = to or compose.FOLDER / "envoy"
        files = _edge(bff or (), grpc or (), listen, metrics, certificates, mounted, otlp)
    else:
        folder, files = to or compose.FOLDER, compose.rendered(platform())
    stale = compose.differing(files, folder)
    if check and stale:
        hint = f"tradectl topology render {what.value}"
        raise TradectlError(f"not current in {folder}: {', '.join(stale)}", hint, ExitCode.CHECK_FAILED)
    compose.write({place: files[place] for place in stale}, folder)
    if json:
        print_json({"folder": str(folder), "files": sorted(files), "written": sorted(stale)})
        return
    stdout().print(f"{len(files)} files of {folder}, {len(stale)} of them {'new or changed' if stale else 'changed'}")


def _edge(
    bffs: Sequence[str],
    doors: Sequence[str],
    listen: str,
    metrics: str,
    certificates: str,
    mounted: str,
    otlp: str | None,
) -> dict[str, str]:
    """The edge's files for a place that the options describe."""
    from tradectl.edge.envoy import files
    from tradectl.edge.place import Address
    from tradectl.edge.places import contained

    place = contained(
        bffs=[Address.parse(each) for each in bffs],
        grpc=[Address.parse(each) for each in doors],
        listen=Address.parse(listen),
        metrics=Address.parse(metrics),
        certificates=certificates,
        mounted=mounted,
        otlp=None if otlp is None else Address.parse(otlp),
    )
    return dict(files(place))


@app.command(epilog="Example: tradectl topology secrets")
def secrets(
    to: Annotated[Path | None, TO] = None,
    json: Json = False,
) -> None:
    """Make the secrets that compose.yaml names, each a file of compose/secrets; those that are there stay.

    The folder lets nobody but its owner in; a container sees those alone that it needs.
    """
    from tradectl.cli.output import print_json, stdout
    from tradectl.render import compose
    from tradectl.render.secrets import make
    from tradectl.render.wiring import world_ports
    from tradectl.stack.topology import platform

    folder = to or compose.FOLDER / "secrets"
    chat = f"http://sim:{world_ports(platform())['chatops.http']}"
    made = make(platform(), folder, chat)
    if json:
        print_json({"folder": str(folder), "made": made})
        return
    stdout().print(f"{len(made)} secrets made in {folder}")
