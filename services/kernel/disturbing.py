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
        self._set_right = asyncio.Event()
        """That the latest skew is over."""
        faults.on("service.clock_skew", lambda _: self._set_right.clear(), lambda _: self._set_right.set())

    @property
    def _off(self) -> int:
        skew = self._faults.find("service.clock_skew") if self._faults.active else None
        return round(skew.number("ms") * MILLISECOND) if skew else 0

    def now(self) -> int:
        return self.true() + self._off

    def true(self) -> int:
        """Market time as its owner tells it, however the service sees it."""
        return self._clock.now()

    async def sleep_until(self, moment: int) -> None:
        # Once more when the clock was set back meanwhile.
        while self.now() < moment:
            if off := self._off:
                await self._sleep_while_wrong(moment - off)
            else:
                await self._clock.sleep_until(moment)

    async def _sleep_while_wrong(self, moment: int) -> None:
        """Until then, or until it is set right: who had an hour to go may have none."""
        ends = {asyncio.ensure_future(self._clock.sleep_until(moment)), asyncio.ensure_future(self._set_right.wait())}
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for each in ends:
                each.cancel()

    async def stand(self) -> None:
        await self._clock.stand()
