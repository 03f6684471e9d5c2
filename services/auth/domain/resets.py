"""Codes that set a new password, asked for by address, whether anybody has it or not."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Reset:
    """A code by its digest, good until ``expires`` and for so many tries; times are wall time, microseconds."""

    digest: str
    sent: int
    expires: int
    attempts: int = 0

    def may_be_tried(self, at: int, attempts: int) -> bool:
        """Whether a code would still be looked at."""
        return at < self.expires and self.attempts < attempts
