"""Failed log-ins at one address: so many in a while lock it for a while.

They are counted by address, whether anybody has it or not: who is refused learns nothing of it.
"""

from dataclasses import dataclass

from services.contracts.clock import SECOND
from services.contracts.errors import DomainError


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """``most`` failures within ``window`` lock for ``lock``, both microseconds of wall time."""

    most: int
    window: int
    lock: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Guesses:
    """Wall times of the failures that still count, oldest first, and the end of the lock; 0 where there was none."""

    failed: tuple[int, ...] = ()
    locked_until: int = 0

    def after_failure(self, at: int, patience: Patience) -> "Guesses":
        """With one more. After a lock all begins anew."""
        recent = (*(time for time in self.failed if time > at - patience.window), at)
        if len(recent) >= patience.most:
            return Guesses(locked_until=at + patience.lock)
        return Guesses(failed=recent)

    def matters_until(self, patience: Patience) -> int:
        """From when on it is as if there had been no failure."""
        return max(self.locked_until, *(time + patience.window for time in self.failed[-1:]), 0)

    def check(self, at: int) -> None:
        """LoginLocked while the lock lasts."""
        if self.locked_until > at:
            raise LoginLocked(-(-(self.locked_until - at) // SECOND))


class LoginLocked(DomainError):
    """Too many failures at this address, whoever it is that has it; the right password is not looked at either."""

    def __init__(self, seconds: int) -> None:
        super().__init__("login_locked", 429, f"too many log-ins failed at this address: try again in {seconds} s")
        self.headers = {"Retry-After": str(seconds)}
