"""Messages that came too early, and whether those before them have been asked for (volume 2, Message Recovery)."""

from services.fix.message import Message

MAX_EARLY = 10_000
"""Messages kept while a gap is open; what comes after is asked for again."""


class Gap:
    """Empty and not asked while the numbers are in order."""

    def __init__(self) -> None:
        self._early: dict[int, Message] = {}
        self._end = 0
        self._reached = 0
        self._asked_from = 0
        self.asked_at: int | None = None
        """When the missing numbers were asked for, or came nearer, last."""

    @property
    def open(self) -> bool:
        """Whether numbers are missing."""
        return self.asked_at is not None

    def keep(self, seq: int, message: Message, now: int, next_in: int) -> bool:
        """Keep an early message; True when a ResendRequest is due: at once again for a hole in what was resent."""
        if len(self._early) < MAX_EARLY:
            self._early[seq] = message
        if self.open and next_in <= self._asked_from:
            return False
        self._end, self._asked_from, self.asked_at = max(seq, self._end), next_in, now
        return True

    def take(self, seq: int) -> Message | None:
        """The early message whose turn it is."""
        return self._early.pop(seq, None)

    def settle(self, next_in: int, now: int) -> bool:
        """Look at the gap after the expected number rose; True when what is still missing is to be asked for."""
        if not self.open:
            return False
        if next_in > self._reached:
            self._reached, self.asked_at = next_in, now
        if next_in < self._end:
            return False
        self.asked_at = None
        for seq in [seq for seq in self._early if seq < next_in]:
            del self._early[seq]
        if not self._early:
            return False
        self._end, self._asked_from, self.asked_at = max(self._early), next_in, now
        return True

    def overdue(self, now: int, timeout: int) -> bool:
        """Whether to ask again; counts from now on when it is."""
        if self.asked_at is None or now - self.asked_at < timeout:
            return False
        self.asked_at = now
        return True
