"""Values of enumerated fields that this platform uses, under their names in FIX 4.4 (volume 6)."""

from enum import IntEnum, StrEnum


class Side(StrEnum):
    """Tag 54."""

    BUY = "1"
    SELL = "2"


class OrdType(StrEnum):
    """Tag 40."""

    MARKET = "1"
    LIMIT = "2"
    STOP = "3"
    STOP_LIMIT = "4"


class TimeInForce(StrEnum):
    """Tag 59."""

    DAY = "0"
    GOOD_TILL_CANCEL = "1"
    IMMEDIATE_OR_CANCEL = "3"
    FILL_OR_KILL = "4"


class OrdStatus(StrEnum):
    """Tag 39."""

    NEW = "0"
    PARTIALLY_FILLED = "1"
    FILLED = "2"
    CANCELED = "4"
    PENDING_CANCEL = "6"
    REJECTED = "8"
    PENDING_NEW = "A"
    EXPIRED = "C"
    PENDING_REPLACE = "E"


class ExecType(StrEnum):
    """Tag 150."""

    NEW = "0"
    CANCELED = "4"
    REPLACED = "5"
    PENDING_CANCEL = "6"
    REJECTED = "8"
    PENDING_NEW = "A"
    EXPIRED = "C"
    PENDING_REPLACE = "E"
    TRADE = "F"
    TRADE_CORRECT = "G"
    TRADE_CANCEL = "H"
    ORDER_STATUS = "I"


class CxlRejResponseTo(StrEnum):
    """Tag 434."""

    ORDER_CANCEL_REQUEST = "1"
    ORDER_CANCEL_REPLACE_REQUEST = "2"


class MassCancelRequestType(StrEnum):
    """Tag 530."""

    SECURITY = "1"
    ALL_ORDERS = "7"


class MassCancelResponse(StrEnum):
    """Tag 531."""

    REJECTED = "0"
    SECURITY = "1"
    ALL_ORDERS = "7"


class OrdRejReason(IntEnum):
    """Tag 103."""

    BROKER_OPTION = 0
    UNKNOWN_SYMBOL = 1
    EXCHANGE_CLOSED = 2
    ORDER_EXCEEDS_LIMIT = 3
    TOO_LATE_TO_ENTER = 4
    UNKNOWN_ORDER = 5
    DUPLICATE_ORDER = 6
    STALE_ORDER = 8
    UNSUPPORTED_ORDER_CHARACTERISTIC = 11
    INCORRECT_QUANTITY = 13
    UNKNOWN_ACCOUNT = 15
    OTHER = 99


class CxlRejReason(IntEnum):
    """Tag 102."""

    TOO_LATE_TO_CANCEL = 0
    UNKNOWN_ORDER = 1
    BROKER_OPTION = 2
    ALREADY_PENDING = 3
    DUPLICATE_CL_ORD_ID = 6
    OTHER = 99


class LastLiquidityInd(IntEnum):
    """Tag 851."""

    ADDED = 1
    REMOVED = 2


class MassStatusReqType(IntEnum):
    """Tag 585."""

    SECURITY = 1
    ALL_ORDERS = 7


class BusinessRejectReason(IntEnum):
    """Tag 380."""

    OTHER = 0
    UNKNOWN_ID = 1
    UNKNOWN_SECURITY = 2
    UNSUPPORTED_MESSAGE_TYPE = 3
    APPLICATION_NOT_AVAILABLE = 4
    CONDITIONALLY_REQUIRED_FIELD_MISSING = 5


COMM_TYPE_ABSOLUTE = "3"
"""CommType (13): Commission is an amount of money."""
