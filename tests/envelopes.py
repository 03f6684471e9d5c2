"""Events and envelopes for tests of what carries them: messages of chat topics, numbered by their text."""

from collections.abc import Iterable

from services.contracts.envelope import Envelope, body_of
from services.contracts.event import Event
from services.contracts.events.chat import MessagePosted
from services.contracts.ids import new_id

USER = "0" * 26


def posted(topic: str, number: int = 1) -> MessagePosted:
    return MessagePosted(
        topic_id=topic, message_id=new_id(), author_id=USER, author="Ann", text=str(number), posted=number
    )


def envelope(topic: str, seq: int = 1) -> Envelope:
    return around(posted(topic, seq), seq)


def around(event: Event, seq: int = 1) -> Envelope:
    """The envelope of any event."""
    return Envelope(
        id=new_id(),
        name=event.name,
        version=event.version,
        producer=event.producer,
        key=event.key,
        seq=seq,
        time=1_000_000,
        market_time=2_000_000,
        correlation="test",
        body=body_of(event),
    )


def envelopes(topic: str, seqs: Iterable[int]) -> list[Envelope]:
    return [envelope(topic, seq) for seq in seqs]
