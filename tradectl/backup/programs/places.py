"""Where the database's programs run: where they are, else in a container of its image."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager

from tradectl.backup.programs.login import Login
from tradectl.backup.programs.programs import Programs
from tradectl.stack.state import Sandbox, home

ROLE = "backup"


@contextmanager
def of_sandbox(sandbox: Sandbox, host: str = "primary", *, name: str = ROLE) -> Iterator[Programs]:
    """As the root of a sandbox's server, on its network; for as long as they are needed."""
    from tradectl.backup.programs.contained import contained
    from tradectl.stack.containers.images import settled, used
    from tradectl.stack.containers.owner import Owner, home_of
    from tradectl.stack.containers.passwords import passwords

    secrets = passwords(sandbox)
    owner = Owner(sandbox.name, home_of(sandbox), secrets.life)
    image, login = settled(used(sandbox))["percona"], Login(host, "root", secrets.root)
    with contained(image, login, owner.name(), owner.labels(name)) as found:
        yield found


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
