"""What the servers in containers need. Where no sandbox has them it is noted only: `embedded` does without."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tradectl.doctor.check import Check
from tradectl.stack import containers
from tradectl.stack.containers import engine
from tradectl.stack.containers.images import KINDS, Images
from tradectl.stack.containers.owner import home_of
from tradectl.stack.leftovers import Leftover
from tradectl.stack.settings import load
from tradectl.stack.state import Sandbox

MEMORY_MIB = 1_500
"""The four servers' 700, the services' 500, and room for the tool."""
WITHOUT = "`tradectl up --backend embedded` needs none"


def examine(sandboxes: Sequence[Sandbox], available_mib: int | None) -> Iterator[Check]:
    """Engine and images, as far as there is an engine; then what their sandboxes have of it."""
    users = [place for place in sandboxes if load(place).backend == "containers"]
    why = engine.unusable()
    yield reached(why, needed=bool(users))
    if why is None:
        had = obtained(containers.images(), needed=bool(users))
        yield had
        yield memory(available_mib, engine_memory(), needed=bool(users) or not had.mend)
        yield running({place.name: containers.observe(place) for place in users if place.in_use()})


def reached(why: str | None, *, needed: bool) -> Check:
    """An engine answers that we can use."""
    if why is None:
        version = engine.connect().api.version()
        return Check("engine", f"Docker {version['Version']}, API {version['ApiVersion']}")
    return Check("engine", why, f"start a Docker engine of this machine that this user may use; {WITHOUT}", not needed)


def obtained(images: Images, *, needed: bool) -> Check:
    """Each image is here, or can be had."""
    why = containers.usable(images)
    if why is None:
        return Check("images", ", ".join(images[kind] for kind in KINDS))
    mend = f"name others: TRADECTL_IMAGE_PERCONA, _RABBITMQ, _REDIS; or bring them here: `docker load`; {WITHOUT}"
    return Check("images", why, mend, not needed)


def memory(available_mib: int | None, engine_mib: int, *, needed: bool, least_mib: int = MEMORY_MIB) -> Check:
    """There is room for four servers and a process a service: here, and in the engine, which may be a machine apart."""
    least = min(engine_mib, available_mib if available_mib is not None else engine_mib)
    mend = f"{least_mib} MiB are needed: end something, or give the engine more; {WITHOUT}" if least < least_mib else ""
    return Check("memory for containers", f"{least} MiB of the engine's {engine_mib}", mend, bool(mend) and not needed)


def engine_memory() -> int:
    """MiB that all containers can have together."""
    with engine.explained("say how much memory it has"):
        return int(engine.connect().info()["MemTotal"]) // 2**20


def running(states: Mapping[str, Mapping[str, str]]) -> Check:
    """Each server of a sandbox that is up runs."""
    lame = {name: roles for name, told in states.items() if (roles := [r for r in told if told[r] != "running"])}
    if not lame:
        return Check("servers", f"all run, of {', '.join(states)}" if states else "no sandbox has any up")
    said = "; ".join(f"{name}: " + ", ".join(f"{r} is {states[name][r]}" for r in lame[name]) for name in lame)
    return Check("servers", said, f"`tradectl up --name {next(iter(lame))}` has them run again")


def left(found: Sequence[Leftover], home: Path) -> Check:
    """No crash has left anything; what one of a home that is gone has left is noted."""
    rows = [f"{kind} {name}" for each in found for kind, name in each.rows()]
    if not rows:
        return Check("leftovers", "none")
    ours = any(home_of(each.sandbox) == home for each in found)
    return Check("leftovers", ", ".join(rows), "`tradectl gc` removes them", note=not ours)
