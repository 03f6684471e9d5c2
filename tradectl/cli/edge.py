"""tradectl edge"""

from typing import TYPE_CHECKING, Annotated

import typer

from tradectl.cli.options import DEFAULT, Json, Name
from tradectl.cli.output import escaped, print_json_line, stderr, stdout
from tradectl.errors import TradectlError

if TYPE_CHECKING:
    from tradectl.edge.standing import Standing

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Stand before a sandbox with TLS: a real Envoy.")


@app.callback()
def group() -> None:
    """Stand before a sandbox with TLS: a real Envoy."""


@app.command(epilog="Example: tradectl edge run --port 8443")
def run(
    name: Name = DEFAULT,
    port: Annotated[int, typer.Option(help="Where clients come, on loopback; 0 takes any.", min=0, max=65_535)] = 8443,
    otlp: Annotated[
        str | None, typer.Option(help="Where spans go, by OTLP over gRPC: HOST:PORT.", show_default=False)
    ] = None,
    rate: Annotated[
        int | None, typer.Option(help="Requests a second that one address may make.", min=1, show_default=False)
    ] = None,
    json: Json = False,
) -> None:
    """Run Envoy before all BFFs of a sandbox, until it is interrupted.

    With the sandbox's own certificate, which is made when there is none. Its access log lies with the sandbox's others.
    """
    from tradectl.cli.running import endpoints
    from tradectl.edge.place import Address, Limits
    from tradectl.edge.standing import place_of, stand
    from tradectl.stack.state import sandbox

    limits = Limits() if rate is None else Limits(client_requests_per_second=rate)
    collector = None if otlp is None else Address.parse(otlp)
    place = place_of(sandbox(name), endpoints(name), port, otlp=collector, limits=limits)
    with stand(sandbox(name), place) as standing:
        print_json_line(standing.described()) if json else _show(standing)
        _until_interrupted(standing)


def _show(standing: "Standing") -> None:
    stdout().print(f"{standing.url} [dim]before {len(standing.place.bffs)} BFF[/]")
    stderr().print(
        f"clients trust it by {escaped(standing.authority)}; `tradectl certs trust` adds that to this system"
    )


def _until_interrupted(standing: "Standing") -> None:
    """An interrupt ends it in order; an Envoy that ends by itself is an error."""
    import signal

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        code = standing.process.wait()
    except KeyboardInterrupt:
        return
    raise TradectlError(f"Envoy ended by itself with {code}", f"{standing.folder}/envoy.log says why")
