"""FIX messages as spans: from `/internal/fix` of both sides of a session, by the time at which each was sent."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from tradectl.telemetry.source import Span

NAMES = {
    "D": "NewOrderSingle",
    "F": "OrderCancelRequest",
    "G": "OrderCancelReplaceRequest",
    "H": "OrderStatusRequest",
    "8": "ExecutionReport",
    "9": "OrderCancelReject",
}
TOLD = {
    "150": {
        "0": "new",
        "4": "cancelled",
        "5": "replaced",
        "8": "rejected",
        "A": "pending new",
        "C": "expired",
        "F": "trade",
        "G": "trade corrected",
        "H": "trade busted",
        "I": "status",
    }
}
"""What an ExecutionReport is about, by its ExecType."""
SHOWN = {
    "34": "number",
    "55": "symbol",
    "38": "quantity",
    "44": "price",
    "32": "filled",
    "31": "at",
    "151": "left",
    "17": "exec_id",
    "58": "text",
}
ORDER, ORIGINAL = "11", "41"
SENT = "52"


def messages(service: str, items: Iterable[Mapping[str, Any]], order: str) -> Iterator[Span]:
    """Those about an order among a side's sent messages; what is no FIX is left out."""
    for item in items:
        fields = fields_of(str(item.get("text", "")))
        if is_about(fields, order) and SENT in fields and fields.get("35") in NAMES:
            sent = moment_of(fields[SENT])
            yield Span("", service, name_of(fields), sent, sent, fields=shown(fields, order))


def fields_of(text: str) -> dict[str, str]:
    """``8=FIX.4.4|35=D|...`` by tag; of a tag that comes again the last."""
    return {tag: value for tag, found, value in (field.partition("=") for field in text.split("|")) if found}


def is_about(fields: Mapping[str, str], order: str) -> bool:
    """A ClOrdID is the order's id and a version."""
    return any(fields.get(tag, "").rpartition("-")[0] == order for tag in (ORDER, ORIGINAL))


def name_of(fields: Mapping[str, str]) -> str:
    """``FIX ExecutionReport, trade``."""
    told = TOLD["150"].get(fields.get("150", ""), "")
    return f"FIX {NAMES[fields['35']]}{', ' if told else ''}{told}"


def shown(fields: Mapping[str, str], order: str) -> dict[str, str]:
    """What a reader wants of it, by words."""
    return {"order_id": order, **{word: fields[tag] for tag, word in SHOWN.items() if tag in fields}}


def moment_of(text: str) -> int:
    """A UTCTimestamp, with milliseconds or microseconds, in microseconds since 1970."""
    form = "%Y%m%d-%H:%M:%S.%f" if "." in text else "%Y%m%d-%H:%M:%S"
    moment = datetime.strptime(text, form).replace(tzinfo=UTC)
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond
