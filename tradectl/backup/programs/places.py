"""Where the database's programs run: where they are, else in a container of its image."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from tradectl.backup.programs.login import Login
from tradectl.backup.programs.programs import Programs
from tradectl.stack.settings import load
from tradectl.stack.state import Sandbox, home, read_json

ROLE = "backup"
DATABASE = "database"
"""The network of the servers, where Compose makes it."""


@contextmanager
def of_sandbox(sandbox: Sandbox, host: str = "primary", *, name: str = ROLE) -> Iterator[Programs]:
    """As the root of a sandbox's server, on its network; for as long as they are needed."""
    from tradectl.backup.programs.contained import contained
    from tradectl.stack.composed.naming import network_name, owner_of
    from tradectl.stack.containers.passwords import passwords

    owner, login = owner_of(sandbox), Login(host, "root", passwords(sandbox).root)
    composed = load(sandbox).backend == "compose"
    network = network_name(owner.name(), DATABASE) if composed else owner.name()
    with contained(_image(sandbox), login, network, owner.labels(name)) as found:
        yield found


def _image(sandbox: Sandbox) -> str:
    """That of its servers, where they were ever made."""
    from tradectl.stack.containers.images import settled, used

    made = read_json(sandbox.infrastructure)["containers"] if sandbox.infrastructure.exists() else {}
    return str(made["primary"]["image"]) if "primary" in made else settled(used(sandbox))["percona"]


def at(login: Login, *, name: str = ROLE) -> AbstractContextManager[Programs]:
    """Of a server by its address: the programs of this machine, else in a container on this machine's network."""
    from tradectl.backup.programs.local import NAMES, local

    if all(shutil.which(program) for program in NAMES):
        return local(login)
    from tradectl.backup.programs.contained import contained
    from tradectl.stack.containers.images import settled
    from tradectl.stack.containers.owner import Owner

    labels = Owner("backup", home(), name).labels(name)
    return contained(settled()["percona"], login, "host", labels)
