"""tradectl stop"""

import typer

from tradectl.cli.options import DEFAULT
from tradectl.cli.steering import PATIENCE, Json, Name, Service, Timeout, steered
from tradectl.stack.control import stop

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl stop orders")
def command(service: Service, name: Name = DEFAULT, timeout: Timeout = PATIENCE, json: Json = False) -> None:
    """Stop a service until it is started again.

    The others go on without it: this is how they do when a part is missing.
    """
    steered(stop, service, name, timeout, json=json, said="is stopped")
