"""From URLs of servers to infrastructure.json, and back to nothing of ours on them."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace

from services.contracts.manifest import ServiceManifest
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.eventually import eventually
from tradectl.stack.containers.external import cache, databases, queues
from tradectl.stack.containers.external.given import HINT, Address, Given, forget, given, keep, kept, missing, said
from tradectl.stack.containers.passwords import Passwords, known, passwords
from tradectl.stack.events import StackEvent
from tradectl.stack.state import Sandbox, write_json

Listener = Callable[[StackEvent], None]
TIMEOUT = 120.0


def usable() -> str | None:
    """Why external servers cannot be used: they are not named; None when they are."""
    absent = missing(said())
    return f"{', '.join(absent)}: not set; {HINT}" if absent else None


def bring_up(
    sandbox: Sandbox, services: Sequence[ServiceManifest], listen: Listener, *, timeout: float = TIMEOUT
) -> None:
    """Have what each service needs on the servers, and infrastructure.json written; repeating it changes nothing."""
    servers, fresh = given(sandbox), kept(sandbox) is None
    stored = [service.name for service in services if service.database]
    secrets = passwords(sandbox, stored)
    with told(listen, "redis"):
        store = cache.provide(servers.address("redis"), fresh=fresh)
    keep(sandbox, servers)
    with told(listen, "rabbitmq"):
        broker = queues.provide(servers.address("amqp"), servers.management, secrets.life)
    with told(listen, "primary"):
        primary = databases.provide(servers.address("mysql"), stored, secrets)
    replica = {}
    if servers.mysql_replica:
        with told(listen, "replica"):
            replica = followed(servers, primary, timeout)
    shared = {"broker": broker.url("amqp"), "cache": store.url("redis")}
    urls = {service.name: {**_databases(service.name, primary, replica), **shared} for service in services}
    write_json(sandbox.infrastructure, {"urls": urls, "containers": {}})


def _databases(service: str, primary: Mapping[str, Address], replica: Mapping[str, Address]) -> dict[str, str]:
    found = {"database": primary.get(service), "replica": replica.get(service)}
    return {name: address.url(databases.SCHEME) for name, address in found.items() if address}


def followed(servers: Given, primary: Mapping[str, Address], timeout: float) -> dict[str, Address]:
    """The same schemas on the replica, once it has them; the users that were made come with them."""
    there, owner = servers.address("mysql_replica"), servers.address("mysql").user
    found = {}
    for service, address in primary.items():
        login = there if address.user == owner else address
        found[service] = replace(there, user=login.user, password=login.password, path=address.path)

    def all_there() -> bool | None:
        return all(databases.answers(address) for address in found.values()) or None

    hint = "TRADECTL_EXTERNAL_MYSQL_REPLICA has to follow TRADECTL_EXTERNAL_MYSQL; it may be left out"
    eventually(all_there, timeout, what=f"{there} with what {servers.address('mysql')} has", hint=hint)
    return found


def take_down(sandbox: Sandbox, *, keep_data: bool) -> None:
    """Remove what was made on the servers unless it is kept; LEFT_BEHIND naming what we may not remove."""
    sandbox.infrastructure.unlink(missing_ok=True)
    servers, secrets = kept(sandbox), known(sandbox)
    if keep_data or servers is None or secrets is None:
        return
    left = list(_removed(servers, secrets))
    forget(sandbox)
    if left:
        hint = "somebody who may, has to remove it; `down` does not look for it again"
        raise TradectlError(f"left behind: {', '.join(left)}", hint, ExitCode.LEFT_BEHIND)


def _removed(servers: Given, secrets: Passwords) -> Iterator[str]:
    """Remove everything; what stays, of a server that does not answer as well."""
    steps: tuple[Callable[[], list[str]], ...] = (
        lambda: databases.remove(servers.address("mysql"), sorted(secrets.services), secrets.life),
        lambda: queues.remove(servers.address("amqp"), servers.management, secrets.life),
        lambda: cache.remove(servers.address("redis")),
    )
    for step in steps:
        try:
            yield from step()
        except TradectlError as error:
            yield f"everything of ours, because {error.message}"


def observe(sandbox: Sandbox) -> Mapping[str, str]:
    """Of each server whether it answers: running or absent."""
    servers = kept(sandbox)
    if servers is None:
        return {}
    found = {
        "primary": databases.answers(servers.address("mysql")),
        "rabbitmq": queues.answering(servers.address("amqp")),
        "redis": cache.answers(servers.address("redis")),
    }
    if servers.mysql_replica:
        found["replica"] = databases.answers(servers.address("mysql_replica"))
    return {role: "running" if well else "absent" for role, well in found.items()}


@contextmanager
def told(listen: Listener, role: str) -> Iterator[None]:
    """Progress of one server."""
    began = time.monotonic()
    listen(StackEvent(kind="starting", part=role))
    yield
    listen(StackEvent(kind="ready", part=role, seconds=time.monotonic() - began))
