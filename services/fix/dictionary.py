"""FIX 4.4 as data: which fields a message may and must have, in which groups, with which values.

Read from data/fix44.json when the first message is checked (about 1.5 ms); a message type is laid out when its first
message comes.
"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

Members: TypeAlias = list[Any]

FLOAT = re.compile(rb"-?(\d+(\.\d*)?|\.\d+)")
INT = re.compile(rb"-?\d+")
COUNT = re.compile(rb"\d+")
DATE = rb"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])"
TIME = rb"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.(\d{3}|\d{6}|\d{9}))?"

FORMATS: dict[str, re.Pattern[bytes]] = {
    **dict.fromkeys(("FLOAT", "QTY", "PRICE", "PRICEOFFSET", "AMT", "PERCENTAGE"), FLOAT),
    **dict.fromkeys(("SEQNUM", "LENGTH", "NUMINGROUP"), COUNT),
    **dict.fromkeys(("LOCALMKTDATE", "UTCDATEONLY"), re.compile(DATE)),
    "INT": INT,
    "CHAR": re.compile(rb"[^\x01]"),
    "BOOLEAN": re.compile(rb"[YN]"),
    "UTCTIMESTAMP": re.compile(DATE + rb"-" + TIME),
    "UTCTIMEONLY": re.compile(TIME),
    "MONTHYEAR": re.compile(rb"\d{4}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01]|w[1-5])?"),
}
"""Data types whose form can be wrong; every other type takes any text."""


class FieldType(NamedTuple):
    """What the value of a field may be."""

    format: re.Pattern[bytes] | None
    values: frozenset[bytes]
    multiple: bool

    def admits(self, value: bytes) -> bool:
        """Whether the value is one of those the standard lists, or several of them where that is allowed."""
        return value in self.values or (self.multiple and self.values.issuperset(value.split(b" ")))


class Layout:
    """The members of a message body, a header or one instance of a group."""

    __slots__ = ("groups", "order", "required")

    def __init__(self) -> None:
        self.order: dict[int, int] = {}
        """Tag to its place in the standard's order; of a group's members the counting field alone."""
        self.required: list[int] = []
        self.groups: dict[int, Layout] = {}
        """Counting field to the layout of an instance."""

    @property
    def delimiter(self) -> int:
        """The field that begins each instance of a group."""
        return next(iter(self.order))


class Dictionary:
    """Lays out the header, the trailer and each message type."""

    def __init__(self, source: dict[str, Any]) -> None:
        self._components: dict[str, Members] = source["components"]
        self._messages: dict[str, Members] = source["messages"]
        self._layouts: dict[str, Layout] = {}
        self.types = {int(tag): _field_type(*definition) for tag, definition in source["fields"].items()}
        self.header = self._lay_out(source["header"])
        self.trailer = self._lay_out(source["trailer"])

    def layout(self, msg_type: str) -> Layout | None:
        """The body of a message type; None for one that FIX 4.4 does not know."""
        found = self._layouts.get(msg_type)
        if found is None and msg_type in self._messages:
            found = self._layouts[msg_type] = self._lay_out(self._messages[msg_type])
        return found

    def _lay_out(self, members: Members) -> Layout:
        layout = Layout()
        self._add(layout, members, required=True)
        return layout

    def _add(self, layout: Layout, members: Members, *, required: bool) -> None:
        for member in members:
            if isinstance(member, str):
                name = member.removeprefix("!")
                self._add(layout, self._components[name], required=required and name != member)
                continue
            signed, inner = member if isinstance(member, list) else (member, None)
            layout.order.setdefault(abs(signed), len(layout.order))
            if inner is not None:
                layout.groups[abs(signed)] = self._lay_out(inner)
            if signed < 0 and required:
                layout.required.append(-signed)


def _field_type(name: str, *values: str) -> FieldType:
    multiple = name == "MULTIPLEVALUESTRING"
    return FieldType(FORMATS.get(name), frozenset(value.encode() for value in values), multiple)


@cache
def fix44() -> Dictionary:
    """The dictionary of FIX 4.4, read once."""
    return Dictionary(json.loads((Path(__file__).parent / "data" / "fix44.json").read_bytes()))
