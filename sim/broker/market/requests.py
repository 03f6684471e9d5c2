"""MarketDataRequest (FIX 4.4 volume 3, Market Data) as what it wants, or why it cannot have it."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from services.fix import tags
from services.fix.message import Message


class Action(StrEnum):
    """SubscriptionRequestType (263)."""

    SNAPSHOT = "0"
    SUBSCRIBE = "1"
    UNSUBSCRIBE = "2"


class Entry(StrEnum):
    """MDEntryType (269), those that there are."""

    BID = "0"
    OFFER = "1"
    TRADE = "2"


class Reason(StrEnum):
    """MDReqRejReason (281)."""

    UNKNOWN_SYMBOL = "0"
    DUPLICATE_ID = "1"
    ACTION = "4"
    DEPTH = "5"
    UPDATE_TYPE = "6"
    ENTRY_TYPE = "8"


FULL_REFRESH, INCREMENTAL = "0", "1"
"""MDUpdateType (265)."""


class Refused(Exception):
    """The request is answered by a MarketDataRequestReject."""

    def __init__(self, reason: Reason, text: str) -> None:
        super().__init__(text)
        self.reason = reason


@dataclass(frozen=True)
class Request:
    """``depth`` is how many levels a side are told; 0 is the whole book."""

    id: str
    action: Action
    symbols: tuple[str, ...]
    entries: frozenset[Entry]
    depth: int = 0
    incremental: bool = True


def request_of(message: Message, known: Collection[str]) -> Request:
    """Read a message that the dictionary has passed; Refused with the first thing that cannot be had."""
    action = message.text(tags.SubscriptionRequestType) or ""
    if action not in set(Action):
        raise Refused(Reason.ACTION, f"SubscriptionRequestType {action}")
    depth = message.number(tags.MarketDepth) or 0
    if depth < 0:
        raise Refused(Reason.DEPTH, f"MarketDepth {depth}")
    update = message.text(tags.MDUpdateType) or (INCREMENTAL if action == Action.SUBSCRIBE else FULL_REFRESH)
    if update not in {FULL_REFRESH, INCREMENTAL}:
        raise Refused(Reason.UPDATE_TYPE, f"MDUpdateType {update}")
    entries = _all(message, tags.MDEntryType)
    if strange := sorted(set(entries) - set(Entry)):
        raise Refused(Reason.ENTRY_TYPE, f"MDEntryType {strange[0]}")
    symbols = _all(message, tags.Symbol)
    if unknown := [symbol for symbol in symbols if symbol not in known]:
        raise Refused(Reason.UNKNOWN_SYMBOL, unknown[0])
    return Request(
        id=message.text(tags.MDReqID) or "",
        action=Action(action),
        symbols=tuple(dict.fromkeys(symbols)),
        entries=frozenset(map(Entry, entries)),
        depth=depth,
        incremental=update == INCREMENTAL,
    )


def _all(message: Message, tag: int) -> list[str]:
    return [value.decode("utf-8", "replace") for found, value in message.fields if found == tag]
