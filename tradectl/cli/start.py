"""tradectl start"""

import typer

from tradectl.cli.options import DEFAULT
from tradectl.cli.steering import PATIENCE, Json, Name, Service, Timeout, steered
from tradectl.stack.control import start

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl start orders")
def command(service: Service, name: Name = DEFAULT, timeout: Timeout = PATIENCE, json: Json = False) -> None:
    """Start a service that was stopped.

    One that runs already is left as it is.
    """
    steered(start, service, name, timeout, json=json, said="is ready")
