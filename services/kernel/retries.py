"""Events that their handler refused: when each is tried again, and how often it was."""

import time
from dataclasses import dataclass

from services.kernel.broker import Delivery

TRIES = 5
"""Times that an event is tried before it is set aside."""
FIRST_DELAY = 0.1
"""Seconds before the second try; each further delay is twice as long."""
MOST = 1_000
"""Events that are tried again at a time; with more, something is wrong with more than the events."""


@dataclass
class Retry:
    """``date`` is of the monotonic clock, in seconds; none while the broker has the event back."""

    delivery: Delivery
    tries: int
    date: float | None


class Retries:
    """By id of the event, so that a count outlives a redelivery."""

    def __init__(self) -> None:
        self._retries: dict[str, Retry] = {}

    @property
    def room(self) -> int:
        """How many more events may fail."""
        return max(0, MOST - len(self._retries))

    def planned(self, event_id: str) -> bool:
        """Whether another try has its date."""
        retry = self._retries.get(event_id)
        return retry is not None and retry.date is not None

    def again(self, delivery: Delivery) -> bool:
        """Plan another try; False when there were enough."""
        known = self._retries.get(delivery.envelope.id)
        tries = known.tries + 1 if known else 1
        if tries >= TRIES:
            return False
        date = time.monotonic() + FIRST_DELAY * 2 ** (tries - 1)
        self._retries[delivery.envelope.id] = Retry(delivery, tries, date)
        return True

    def forget(self, delivery: Delivery) -> None:
        """It was applied or set aside."""
        self._retries.pop(delivery.envelope.id, None)

    def forget_dates(self) -> None:
        """The broker will deliver all of them again; how often they were tried is still known."""
        for retry in self._retries.values():
            retry.date = None

    def due(self) -> list[Delivery]:
        """Those whose time has come."""
        now = time.monotonic()
        return [retry.delivery for retry in self._retries.values() if retry.date is not None and retry.date <= now]

    def until_next(self) -> float | None:
        """Seconds until the next one is due; none when there is none."""
        dates = [retry.date for retry in self._retries.values() if retry.date is not None]
        return max(0.0, min(dates) - time.monotonic()) if dates else None
