"""Stable codes of what the broker and the venue refuse, and FIX's numbers for them."""

from services.fix.messages import CxlRejReason, OrdRejReason

OFF_TICK = "off_tick"
OFF_LOT = "off_lot"
ORDER_LIMIT = "order_limit"
ACCOUNT_BLOCKED = "account_blocked"
UNSUPPORTED = "unsupported"
UNKNOWN_SYMBOL = "unknown_symbol"
UNKNOWN_ORDER = "unknown_order"
DUPLICATE = "duplicate_order"
AMENDED = "already_amended"
NOTHING_NEW = "nothing_new"
MORE_THAN_TRADED = "more_than_traded"
CONFLICTS = frozenset({DUPLICATE, AMENDED})

ORD_REJ_REASONS = {
    UNKNOWN_SYMBOL: OrdRejReason.UNKNOWN_SYMBOL,
    "closed": OrdRejReason.EXCHANGE_CLOSED,
    "halted": OrdRejReason.EXCHANGE_CLOSED,
    "pre_open": OrdRejReason.EXCHANGE_CLOSED,
    "pre_close": OrdRejReason.EXCHANGE_CLOSED,
    ORDER_LIMIT: OrdRejReason.ORDER_EXCEEDS_LIMIT,
    UNKNOWN_ORDER: OrdRejReason.UNKNOWN_ORDER,
    DUPLICATE: OrdRejReason.DUPLICATE_ORDER,
    UNSUPPORTED: OrdRejReason.UNSUPPORTED_ORDER_CHARACTERISTIC,
    OFF_LOT: OrdRejReason.INCORRECT_QUANTITY,
}
CXL_REJ_REASONS = {
    "too_late": CxlRejReason.TOO_LATE_TO_CANCEL,
    "already_filled": CxlRejReason.TOO_LATE_TO_CANCEL,
    UNKNOWN_ORDER: CxlRejReason.UNKNOWN_ORDER,
    DUPLICATE: CxlRejReason.DUPLICATE_CL_ORD_ID,
}


class RefusedError(ValueError):
    """The broker does not pass this on to the venue."""

    def __init__(self, code: str) -> None:
        super().__init__(code.replace("_", " "))
        self.code = code


def ord_rej_reason(code: str) -> OrdRejReason:
    """Tag 103 for a refused order."""
    return ORD_REJ_REASONS.get(code, OrdRejReason.OTHER)


def cxl_rej_reason(code: str) -> CxlRejReason:
    """Tag 102 for a refused cancel or replace."""
    return CXL_REJ_REASONS.get(code, CxlRejReason.OTHER)
