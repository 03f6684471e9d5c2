"""Which message used up which number: what is resent was heard if it was this message, not if its number is used."""

from services.fix.message import Message
from services.fix.session.outgoing import HEADER_TAGS

MEMORY = 10_000
"""Numbers remembered; what came under earlier ones counts as heard."""


class Heard:
    """Of numbers before the first one remembered nothing is known, and they count as heard."""

    def __init__(self, first: int) -> None:
        self._first = first
        self._prints: dict[int, int] = {}

    def took(self, message: Message) -> None:
        """The message used its number up; that it was skipped by a gap fill is not said here."""
        self._prints[message.seq] = print_of(message)
        if len(self._prints) > MEMORY:
            oldest = next(iter(self._prints))
            del self._prints[oldest]
            self._first = max(self._first, oldest + 1)

    def knows(self, message: Message) -> bool:
        """Whether it is this message that came under its number."""
        return self._prints.get(message.seq) == print_of(message)

    def lacks(self, message: Message) -> bool:
        """Whether its number was used up by another message, or skipped."""
        return message.seq >= self._first and not self.knows(message)


def print_of(message: Message) -> int:
    """What a message says, whenever and however often it says so."""
    return hash((message.msg_type, *(field for field in message.fields if field[0] not in HEADER_TAGS)))
