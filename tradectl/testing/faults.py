"""Faults that a test begins, and that end with it."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from services.contracts.faults import Fault
from tradectl.errors import ExitCode, TradectlError
from tradectl.fault import run
from tradectl.fault.duration import seconds
from tradectl.fault.kinds import kind_of, lacking
from tradectl.probes.eventually import eventually
from tradectl.stack.state import Sandbox
from tradectl.stack.status import status
from tradectl.testing.telling import told

WHOLE_WITHIN = 60.0
"""Seconds until every part is ready again; a killed one has to start."""


@dataclass(frozen=True)
class Broken:
    """One fault, in each part that suffers it; the end of a `with` is its end."""

    sandbox: Sandbox
    suffered: tuple[Fault, ...]

    @property
    def lasts(self) -> bool:
        """Whether it is not over yet."""
        return bool(ids(self.suffered) & ids(run.active(self.sandbox)))

    @told
    def clear(self) -> None:
        """End it now; one that is over is left alone."""
        for each in self.suffered:
            try:
                run.clear(self.sandbox, each.id)
            except TradectlError as error:
                if error.exit_code is not ExitCode.NOT_FOUND:
                    raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.clear()


class Faults:
    """Called with a kind (docs/reference/faults.md) it breaks something; ``end`` ends all of it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self._begun: list[Broken] = []
        self._unready = unready(sandbox)

    @told
    def __call__(self, kind: str, *, lasting: str = "1m", seed: int = 1, **graded: float | str) -> Broken:
        """Begin it for so long at most, graded as `tradectl fault kinds KIND` says; TradectlError when it cannot be."""
        if option := lacking(kind_of(kind), self._sandbox):
            hint = f"in pytest.ini: tradectl_up = {option}"
            raise TradectlError(f"{kind} needs a sandbox with {option}", hint, ExitCode.CONFLICT)
        suffered = run.add(self._sandbox, kind, graded, seconds=seconds(lasting), seed=seed)
        broken = Broken(self._sandbox, tuple(suffered))
        self._begun.append(broken)
        return broken

    @told
    def end(self) -> None:
        """Return when all is over and whoever was ready is so again; TradectlError naming who is not."""
        if not self._begun:
            return
        last: set[str] = set()

        def whole() -> bool | None:
            nonlocal last
            with suppress(TradectlError):  # a part that is not back yet; it is asked again
                for broken in self._begun:
                    broken.clear()
            last = unready(self._sandbox) - self._unready
            return None if last or any(broken.lasts for broken in self._begun) else True

        try:
            eventually(whole, WHOLE_WITHIN, what="whole again", every=0.05)
        except TradectlError as error:
            said = f"{', '.join(sorted(last)) or 'a fault'} not whole {WHOLE_WITHIN:g} s after the test's faults"
            hint = "`tradectl ps` and `tradectl fault list` say how it is"
            raise TradectlError(said, hint, ExitCode.TIMEOUT) from error


def ids(faults: Iterable[Fault]) -> set[str]:
    """By which they are known."""
    return {fault.id for fault in faults}


def unready(sandbox: Sandbox) -> set[str]:
    """The parts that are not ready."""
    return {part.name for part in status(sandbox).parts if part.state != "ready"}
