"""Which ports a sandbox takes: those of the last time, others, or fixed ones from a number on."""

from collections.abc import Iterator
from dataclasses import dataclass

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.children import Instance, Layout
from tradectl.stack.ports import remembered
from tradectl.stack.state import Sandbox, write_json
from tradectl.stack.topology import platform

SERVERS = ("primary.mysql", "replica.mysql", "rabbitmq.amqp", "rabbitmq.management", "redis.redis")
"""The ports of the servers in containers."""
LOWEST, HIGHEST = 1024, 65_000


@dataclass(frozen=True)
class Ports:
    """``base`` is the number of the first; without it and without ``anew`` the last time's are taken again."""

    anew: bool = False
    base: int | None = None


KEPT = Ports()


def numbered(layout: Layout, base: int) -> dict[str, int]:
    """Every port by its name: those of all parts in their order, then the servers', then further instances'.

    A part has the same number whatever else is started.
    """
    if not LOWEST <= base <= HIGHEST:
        hint = f"{LOWEST} to {HIGHEST}: --port-base 20000"
        raise TradectlError(f"--port-base {base} leaves no room", hint, ExitCode.USAGE)
    first = [*of_parts(), *SERVERS]
    more = [name for name in layout.ports if name not in first]
    return {name: base + place for place, name in enumerate([*first, *more])}


def of_parts() -> Iterator[str]:
    """The ports of every part of the platform."""
    for part in platform():
        yield from (f"{Instance(part.name).name}.{port}" for port in part.ports)


def choose(sandbox: Sandbox, layout: Layout, ports: Ports, *, running: bool) -> None:
    """Write down the ports that are to be taken; TradectlError when a sandbox that runs has others."""
    if ports.base is None:
        if ports.anew and not running:
            for file in (sandbox.ports, sandbox.server_ports):
                file.unlink(missing_ok=True)
        return
    numbers = numbered(layout, ports.base)
    own = {name: numbers[name] for name in layout.ports}
    if running and own.items() - remembered(sandbox.ports).items():
        hint = f"`tradectl down --keep-data --name {sandbox.name}` first"
        raise TradectlError(f"sandbox {sandbox.name} runs with other ports", hint, ExitCode.CONFLICT)
    write_json(sandbox.ports, own)
    write_json(sandbox.server_ports, {name: numbers[name] for name in SERVERS})
