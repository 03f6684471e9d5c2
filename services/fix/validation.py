"""Checks a message against the dictionary (FIX 4.4 volume 2, Session Reject, test cases 14a to 14i)."""

from typing import TypeAlias

from services.fix.dictionary import Dictionary, FieldType, Layout, fix44
from services.fix.message import Message
from services.fix.rejection import SessionReject, SessionRejectReason
from services.fix.tags import USER_DEFINED

FieldList: TypeAlias = list[tuple[int, bytes]]
R = SessionRejectReason


class InvalidError(Exception):
    """Carries the reject out of nested groups."""

    def __init__(self, reason: SessionRejectReason, tag: int | None = None) -> None:
        self.reject = SessionReject(reason, tag)


def validate(message: Message) -> SessionReject | None:
    """What is wrong with the message first, None when nothing is."""
    dictionary = fix44()
    body = dictionary.layout(message.msg_type)
    if body is None:
        return SessionReject(R.INVALID_MSG_TYPE)
    try:
        _Check(dictionary, body, message.fields).run()
    except InvalidError as found:
        return found.reject
    return None


class _Check:
    """One pass over the fields, in the order of the wire."""

    def __init__(self, dictionary: Dictionary, body: Layout, fields: FieldList) -> None:
        self.types = dictionary.types
        self.sections = (dictionary.header, body, dictionary.trailer)
        self.fields = fields

    def run(self) -> None:
        fields, types, section, at = self.fields, self.types, 0, 0
        layout, seen = self.sections[0], set[int]()
        while at < len(fields):
            tag, value = fields[at]
            if tag in USER_DEFINED and value:
                at += 1
                continue
            kind = types.get(tag)
            if kind is None:
                raise InvalidError(R.INVALID_TAG_NUMBER, tag)
            if value not in kind.values:
                _check_value(tag, value, kind)
            if tag not in layout.order:
                section = self._next_section(tag, section)
                layout = self.sections[section]
            if tag in seen:
                raise InvalidError(R.TAG_APPEARS_MORE_THAN_ONCE, tag)
            seen.add(tag)
            at += 1
            if tag in layout.groups:
                at = self._group(tag, int(value), layout.groups[tag], at)
        for layout in self.sections:
            _check_required(layout, seen)

    def _next_section(self, tag: int, section: int) -> int:
        for later in range(section + 1, len(self.sections)):
            if tag in self.sections[later].order:
                return later
        if any(tag in earlier.order for earlier in self.sections[:section]):
            raise InvalidError(R.TAG_OUT_OF_REQUIRED_ORDER, tag)
        raise InvalidError(R.TAG_NOT_DEFINED_FOR_MSG_TYPE, tag)

    def _group(self, counter: int, count: int, layout: Layout, at: int) -> int:
        """Walk `count` instances and answer where the field after the last one is."""
        for _ in range(count):
            if self._tag(at) != layout.delimiter:
                raise InvalidError(R.INCORRECT_NUM_IN_GROUP, counter)
            at = self._instance(layout, at)
        if count and self._tag(at) == layout.delimiter:
            raise InvalidError(R.INCORRECT_NUM_IN_GROUP, counter)
        return at

    def _instance(self, layout: Layout, at: int) -> int:
        place, seen = -1, set[int]()
        while (tag := self._tag(at)) in layout.order and (not seen or tag != layout.delimiter):
            value = self.fields[at][1]
            _check_value(tag, value, self.types[tag])
            if tag in seen:
                raise InvalidError(R.TAG_APPEARS_MORE_THAN_ONCE, tag)
            if layout.order[tag] < place:
                raise InvalidError(R.GROUP_FIELDS_OUT_OF_ORDER, tag)
            place = layout.order[tag]
            seen.add(tag)
            at += 1
            if tag in layout.groups:
                at = self._group(tag, int(value), layout.groups[tag], at)
        _check_required(layout, seen)
        return at

    def _tag(self, at: int) -> int:
        return self.fields[at][0] if at < len(self.fields) else 0


def _check_value(tag: int, value: bytes, kind: FieldType) -> None:
    """For a value that is not simply one of those listed."""
    if not value:
        raise InvalidError(R.TAG_WITHOUT_VALUE, tag)
    if kind.format is not None and not kind.format.fullmatch(value):
        raise InvalidError(R.INCORRECT_DATA_FORMAT, tag)
    if kind.values and not kind.admits(value):
        raise InvalidError(R.VALUE_INCORRECT, tag)


def _check_required(layout: Layout, seen: set[int]) -> None:
    for tag in layout.required:
        if tag not in seen:
            raise InvalidError(R.REQUIRED_TAG_MISSING, tag)
