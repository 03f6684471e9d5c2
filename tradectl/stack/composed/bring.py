"""From the sandbox's settings to servers that are healthy and containers that can be started."""

import os
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from ipaddress import IPv4Network
from pathlib import Path
from secrets import token_hex
from typing import Any

from services.contracts.manifest import ServiceManifest
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.children import layout_of, scale_of
from tradectl.stack.composed import subnets
from tradectl.stack.composed.naming import container_name, owner_of
from tradectl.stack.containers import engine, labelled
from tradectl.stack.containers.owner import ROLE, ROLES, filters
from tradectl.stack.containers.passwords import Passwords, passwords
from tradectl.stack.events import StackEvent
from tradectl.stack.settings import RunSettings, load
from tradectl.stack.state import Sandbox, write_json
from tradectl.stack.warm import load as entry

Listener = Callable[[StackEvent], None]
TIMEOUT = 180.0
LAY, PLACE = "tradectl.render.compose.sandbox:lay", "tradectl.render.compose.sandbox:Place"
LAST_WORDS = 3
"""Lines of what Compose said that an error quotes."""
TRIES = 3


class TakenError(TradectlError):
    """Somebody else has these addresses."""


def bring_up(
    sandbox: Sandbox, services: Sequence[ServiceManifest], listen: Listener, *, timeout: float = TIMEOUT
) -> None:
    """Have the servers healthy, every other container made, and infrastructure.json written."""
    engine.connect()
    secrets = passwords(sandbox, [service.name for service in services if service.database])
    began = time.monotonic()
    for role in ROLES:
        listen(StackEvent(kind="starting", part=role))
    file = servers_up(sandbox, secrets, timeout)
    for role in ROLES:
        listen(StackEvent(kind="ready", part=role, seconds=time.monotonic() - began))
    compose(file, "create", within=timeout)
    client, owner = engine.connect(), owner_of(sandbox)
    made = {role: client.containers.get(container_name(owner.name(), role)) for role in ROLES}
    servers = {role: {"id": each.id, "image": each.attrs["Config"]["Image"]} for role, each in made.items()}
    write_json(sandbox.infrastructure, {"urls": {}, "containers": servers})


def servers_up(sandbox: Sandbox, secrets: Passwords, timeout: float) -> Path:
    """compose.yaml, its servers healthy. A place of networks may be taken between a look and its use: then another."""
    file = lay(sandbox, load(sandbox), secrets)
    for tries_left in reversed(range(TRIES)):
        try:
            compose(file, "up", "--detach", "--wait", f"--wait-timeout={timeout:.0f}", *ROLES, within=timeout)
            break
        except TakenError:
            if not tries_left:
                raise
            labelled.remove([each for each in ours(sandbox) if each.kind == "network"], gently=False)
            lay(sandbox, load(sandbox), secrets)
    return file


def ours(sandbox: Sandbox) -> list[labelled.Thing]:
    return list(labelled.things(engine.connect(), filters(sandbox)))


def place_of_networks(sandbox: Sandbox) -> tuple[str, int]:
    """The first two numbers of their addresses, and where the third begins; TradectlError when all are taken."""
    mine = {each.name: subnets_of(each.itself.attrs) for each in ours(sandbox) if each.kind == "network"}
    with engine.explained("list its networks"):
        others = [each for each in engine.connect().networks.list() if each.name not in mine]
    taken = [subnet for each in others for subnet in subnets_of(each.attrs)]
    first_two, table = subnets.prefix(os.environ), Path("/proc/net/route")
    own = [subnet for found in mine.values() for subnet in found]
    ways = subnets.routed(table.read_text(encoding="ascii")) if table.exists() else []
    return first_two, subnets.chosen(first_two, [*taken, *(way for way in ways if way not in own)], own)


def subnets_of(network: Mapping[str, Any]) -> list[IPv4Network]:
    """As the engine tells them."""
    configs = network.get("IPAM", {}).get("Config") or ()
    return [IPv4Network(each["Subnet"]) for each in configs if "." in each.get("Subnet", "")]


def lay(sandbox: Sandbox, settings: RunSettings, secrets: Passwords) -> Path:
    """compose.yaml of this sandbox, and what it mounts."""
    owner = owner_of(sandbox)
    sandbox.logs.chmod(0o777)  # containers write there as users of their own; the sandbox's folder lets nobody else in
    place = entry(PLACE)(
        folder=sandbox.root / "compose",
        project=owner.name(),
        scale=scale_of(settings),
        subnets=place_of_networks(sandbox),
        world=told(settings),
        feed=settings.feed,
        limits=settings.limits,
        logs=sandbox.logs,
        labels=owner.labels(),
        roles={role: {ROLE: role} for role in ROLES},
        secrets=opened_by(sandbox, secrets),
    )
    file = entry(LAY)(layout_of(settings).topology, place)
    return Path(str(file))


def told(settings: RunSettings) -> dict[str, str]:
    """What the simulated world is told, in the place of variables."""
    from json import dumps

    keys = {name: f"<{name}>" for name in ("provider_key", "broker_key")}
    return {"TRADECTL_SEED": str(settings.seed), "TRADECTL_OPTIONS": dumps({**settings.options(), **keys})}


def opened_by(sandbox: Sandbox, secrets: Passwords) -> Mapping[str, str]:
    """Each secret by the name that compose.yaml has for it: what opens this sandbox's parts and servers."""
    return {
        **sandbox.keys(),
        "mysql_root": secrets.root,
        "mysql_replication": secrets.replication,
        "mysql_monitor": token_hex(16),
        "rabbitmq": secrets.rabbitmq,
        "redis": secrets.redis,
        **{f"mysql_{service}": password for service, password in secrets.services.items()},
    }


def compose(file: Path, *arguments: str, within: float) -> None:
    """Have Compose do something; TradectlError with what it said when it does not."""
    command = ["docker", "compose", "--progress", "plain", "--file", str(file), *arguments]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=within + 30, check=False
        )
    except FileNotFoundError:
        hint = "install Docker's client with its plugin compose; `tradectl up --backend containers` needs neither"
        raise TradectlError("there is no `docker compose`", hint, ExitCode.START_FAILED) from None
    except subprocess.TimeoutExpired:
        raise TradectlError(
            f"`docker compose {arguments[0]}`: not within {within:g} s", HINT, ExitCode.TIMEOUT
        ) from None
    if done.returncode:
        lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
        said = " | ".join(lines[-LAST_WORDS:])
        message = f"`docker compose {arguments[0]}` failed: {said}"
        if OVERLAP in done.stderr:
            hint = f"once more; or name other addresses for its networks: export {subnets.VARIABLE}=10.214"
            raise TakenError(message, hint, ExitCode.START_FAILED)
        raise TradectlError(message, HINT, ExitCode.START_FAILED)


OVERLAP = "Pool overlaps with other one"
HINT = "`docker ps -a` shows what there is of it; `tradectl doctor` looks at the engine"
