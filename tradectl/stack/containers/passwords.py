"""What opens a sandbox's servers. It lies apart from secrets.json, which every part is given whole."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from secrets import token_hex

from tradectl.stack.state import Sandbox, read_json, write_json

FILE = "passwords.json"


def _password() -> str:
    """Letters and digits alone, which no syntax has to quote; MySQL takes 32 of them from a replica, and no more."""
    return token_hex(16)


@dataclass(frozen=True, kw_only=True)
class Passwords:
    """``life`` names this set: data that another set opens is of another sandbox."""

    life: str = field(default_factory=lambda: token_hex(6))
    root: str = field(default_factory=_password, repr=False)
    replication: str = field(default_factory=_password, repr=False)
    rabbitmq: str = field(default_factory=_password, repr=False)
    redis: str = field(default_factory=_password, repr=False)
    services: Mapping[str, str] = field(default_factory=dict, repr=False)


def passwords(sandbox: Sandbox, services: Iterable[str] = ()) -> Passwords:
    """Those of the sandbox: made the first time, and one more for each service that has none."""
    kept = known(sandbox)
    found = kept or Passwords()
    new = {service: _password() for service in services if service not in found.services}
    if new or not kept:
        found = replace(found, services={**found.services, **new})
        write_json(sandbox.root / FILE, asdict(found))
    return found


def known(sandbox: Sandbox) -> Passwords | None:
    """Those that were made already."""
    path = sandbox.root / FILE
    return Passwords(**read_json(path)) if path.exists() else None
