"""What a service's own faults do to it: late or refused answers, memory held, a clock that is off."""

import asyncio

from services.contracts.clock import MILLISECOND, Clock
from services.contracts.errors import DomainError
from services.runtime.faults import Active, Faults

MIB = 2**20


async def at_the_edge(faults: Faults) -> None:
    """Before a request is looked at; DomainError when it is refused."""
    if slow := faults.find("service.slow"):
        await asyncio.sleep(slow.seconds)
    if (errors := faults.find("service.errors")) and errors.strikes():
        raise DomainError("unavailable", 503, f"a fault in {faults.part}; nothing was done")


class Ballast:
    """Memory held by faults, by their ids."""

    def __init__(self, faults: Faults) -> None:
        self.held: dict[str, bytes] = {}
        faults.on("service.memory", self._hold, self._release)

    def _hold(self, active: Active) -> None:
        self.held[active.fault.id] = b"\1" * round(active.number("mib") * MIB)

    def _release(self, active: Active) -> None:
        self.held.pop(active.fault.id, None)


class Skewed:
    """The market's clock as a service with a wrong one sees it."""

    def __init__(self, clock: Clock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults

    @property
    def _off(self) -> int:
        skew = self._faults.find("service.clock_skew") if self._faults.active else None
        return round(skew.number("ms") * MILLISECOND) if skew else 0

    def now(self) -> int:
        return self._clock.now() + self._off

    async def sleep_until(self, moment: int) -> None:
        # Once more when the clock was set back meanwhile.
        while self.now() < moment:
            await self._clock.sleep_until(moment - self._off)

    async def stand(self) -> None:
        await self._clock.stand()
