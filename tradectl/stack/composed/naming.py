"""What containers of a sandbox are called."""

from tradectl.stack.containers.owner import Owner, home_of
from tradectl.stack.containers.passwords import passwords
from tradectl.stack.state import Sandbox


def owner_of(sandbox: Sandbox) -> Owner:
    """The sandbox as the engine sees it."""
    return Owner(sandbox.name, home_of(sandbox), passwords(sandbox).life)


def network_name(project: str, network: str) -> str:
    """As Compose calls a network."""
    return f"{project}_{network}"


def container_name(project: str, service: str) -> str:
    """As Compose calls the only container of a service."""
    return f"{project}-{service}-1"
