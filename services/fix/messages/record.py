"""A message as a frozen record: each attribute names its tag in its annotation."""

import types
import typing
from collections.abc import Callable
from typing import Any, ClassVar, NamedTuple, Self

import msgspec

from services.fix.message import Body, Message
from services.fix.timestamps import microseconds, timestamp_micros

TIMESTAMP = "UTCTimestamp"
"""Marks an integer of microseconds UTC that goes over the wire as a UTCTimestamp."""


class FieldMissingError(ValueError):
    """A field that the standard leaves open and this platform needs: BusinessRejectReason 5."""

    def __init__(self, tag: int) -> None:
        super().__init__(f"tag {tag} is missing")
        self.tag = tag


class Attribute(NamedTuple):
    """How one attribute goes to the wire and back."""

    name: str
    tag: int
    required: bool
    write: Callable[[Any], bytes]
    read: Callable[[bytes], Any]


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """Quantities, prices and amounts are decimal text, as on the wire."""

    MSG_TYPE: ClassVar[str]

    def body(self) -> Body:
        """What Exchange.send() takes."""
        values = [(part, getattr(self, part.name)) for part in _attributes(type(self))]
        return Body(self.MSG_TYPE, [(part.tag, part.write(value)) for part, value in values if value is not None])

    @classmethod
    def of(cls, message: Message) -> Self:
        """Read a message that the dictionary has passed; FieldMissingError where the platform needs more."""
        first = message.first
        values: dict[str, object] = {}
        for part in _attributes(cls):
            value = first.get(part.tag)
            if value is not None:
                values[part.name] = part.read(value)
            elif part.required:
                raise FieldMissingError(part.tag)
        return cls(**values)


LAYOUTS: dict[type[Record], tuple[Attribute, ...]] = {}
"""Filled as records are first used."""


def _attributes(record: type[Record]) -> tuple[Attribute, ...]:
    found = LAYOUTS.get(record)
    if found is None:
        hints = typing.get_type_hints(record, include_extras=True)
        found = tuple(_attribute(name, hint) for name, hint in hints.items() if name != "MSG_TYPE")
        LAYOUTS[record] = found
    return found


def _attribute(name: str, hint: Any) -> Attribute:
    kind, tag, *marks = typing.get_args(hint)
    options = typing.get_args(kind) if isinstance(kind, types.UnionType) else (kind,)
    required = types.NoneType not in options
    if marks:
        return Attribute(name, tag, required, timestamp_micros, microseconds)
    if int in options:
        return Attribute(name, tag, required, b"%d".__mod__, int)
    if bool in options:
        return Attribute(name, tag, required, lambda value: b"Y" if value else b"N", b"Y".__eq__)
    return Attribute(name, tag, required, str.encode, _text)


def _text(value: bytes) -> str:
    return value.decode("utf-8", "replace")
