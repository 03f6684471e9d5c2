"""Begin, list and end faults; whoever began one may end: it is over in time all the same."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from services.contracts.faults import Fault, UnfitError
from tradectl.errors import ExitCode, TradectlError
from tradectl.fault.kinds import kind_of
from tradectl.fault.places import Places
from tradectl.fault.processes import Processes
from tradectl.stack.state import Sandbox

DEFAULT_SECONDS = 30.0


def add(
    sandbox: Sandbox,
    name: str,
    parameters: Mapping[str, object] | None = None,
    *,
    seconds: float = DEFAULT_SECONDS,
    seed: int = 1,
) -> list[Fault]:
    """Begin a fault: one for each instance that suffers it. TradectlError when it cannot be."""
    kind = kind_of(name)
    try:
        fitting = kind.fitting(parameters or {})
    except UnfitError as error:
        hint = f"`tradectl fault kinds {kind.name}` shows how it is graded"
        raise TradectlError(str(error), hint, ExitCode.BAD_INPUT) from None
    places = Places(sandbox)
    if kind.home != "part":
        return [Processes(sandbox).add(kind, fitting, seconds)]
    wish = {"kind": name, "parameters": fitting, "seconds": seconds, "seed": seed}
    return [places.add(instance, wish) for instance in places.suffering(kind, fitting)]


def active(sandbox: Sandbox) -> list[Fault]:
    """What is broken now, the oldest first; a part that does not answer has nothing that would last."""
    if not sandbox.in_use():
        return []
    try:
        places = Places(sandbox)
    except TradectlError:  # on its way up or down
        return []

    def asked(instance: str) -> list[Fault]:
        try:
            return places.active(instance)
        except TradectlError:
            return []

    with ThreadPoolExecutor(16) as threads:
        found = [fault for faults in threads.map(asked, places.all) for fault in faults]
    return sorted([*found, *Processes(sandbox).active()], key=lambda fault: fault.began)


def clear(sandbox: Sandbox, id: str | None = None) -> list[Fault]:
    """End one fault, or all; TradectlError when there is none with this id."""
    places = Places(sandbox)
    own = Processes(sandbox).clear(id)
    standing = [fault for fault in active(sandbox) if id in {None, fault.id}]
    ending = [partial(places.clear, fault.part, fault.id) for fault in standing if fault.part in places.all]
    ended = [*own, *(fault for end in ending for fault in end())]
    if id is not None and not ended:
        raise TradectlError(f"no fault has the id {id}", "`tradectl fault list` shows ids", ExitCode.NOT_FOUND)
    return ended
