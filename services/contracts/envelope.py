"""The envelope around an event on its way between services."""

from typing import Any

import msgspec

from services.contracts.event import Event, event_type


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    """``seq`` counts the events of one ``key`` (the aggregate) from 1, without holes; ``time`` is wall time in us."""

    id: str
    name: str
    version: int
    producer: str
    key: str
    seq: int
    time: int
    market_time: int
    correlation: str
    causation: str | None = None
    traceparent: str | None = None
    body: msgspec.Raw

    @property
    def event(self) -> Event:
        """The event inside, decoded by its name and version; msgspec.ValidationError when it does not fit."""
        return msgspec.json.decode(self.body, type=event_type(self.name, self.version))


ENCODER = msgspec.json.Encoder()
DECODER = msgspec.json.Decoder(Envelope)


def encode(envelope: Envelope) -> bytes:
    """The envelope as one JSON document."""
    return ENCODER.encode(envelope)


def decode(document: bytes | str) -> Envelope:
    """An envelope from its JSON document; msgspec.DecodeError when it is none."""
    return DECODER.decode(document)


def body_of(event: Event) -> msgspec.Raw:
    """The event as the raw JSON that an envelope carries."""
    return msgspec.Raw(ENCODER.encode(event))


def as_dict(envelope: Envelope) -> dict[str, Any]:
    """The envelope as plain data, for pages and logs."""
    document: dict[str, Any] = msgspec.json.decode(ENCODER.encode(envelope))
    return document
