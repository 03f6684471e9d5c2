"""tradectl restart"""

import typer

from tradectl.cli.options import DEFAULT
from tradectl.cli.steering import PATIENCE, Json, Name, Service, Timeout, steered
from tradectl.stack.control import restart

app = typer.Typer(add_completion=False)


@app.command(epilog="Example: tradectl restart orders")
def command(service: Service, name: Name = DEFAULT, timeout: Timeout = PATIENCE, json: Json = False) -> None:
    """End a service and start it with the code as it is now.

    The others go on meanwhile; connections to it wait until it is back.
    """
    steered(restart, service, name, timeout, json=json, said="is ready again")
