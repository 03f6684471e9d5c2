"""A circuit breaker: who fails again and again is left alone for a while."""

import time


class Breaker:
    """Opens after so many failures in a row; after a pause lets one call through and closes when that succeeds."""

    def __init__(self, failures: int = 5, pause: float = 2.0) -> None:
        self.failures = failures
        self.pause = pause
        self._count = 0
        self._retry_at = 0.0

    @property
    def open(self) -> bool:
        """Whether a call would be refused; once the pause is over nobody knows until one is made."""
        return self._count >= self.failures and time.monotonic() < self._retry_at

    def admits(self) -> bool:
        """Whether a call may be made now; while open, one a pause."""
        if self._count < self.failures:
            return True
        now = time.monotonic()
        if now < self._retry_at:
            return False
        self._retry_at = now + self.pause
        return True

    def succeeded(self) -> None:
        self._count = 0

    def failed(self) -> None:
        self._count += 1
        if self._count >= self.failures:
            self._retry_at = time.monotonic() + self.pause
