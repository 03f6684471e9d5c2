"""The order's state machine: a table of FIX 4.4's order state change matrices (volume 4, appendix D).

An order may be in several states at once (partially filled, with a cancel pending); OrdStatus shows the one of the
highest precedence. So the *standing* (what became of it at the venue) moves by the table, and a *request* of the
trader lies over it until it is answered.
"""

from collections.abc import Mapping
from typing import Literal

from services.contracts.orders import FINAL, OrderStatus

Standing = Literal["pending_new", "new", "partially_filled", "filled", "cancelled", "rejected", "expired"]
RequestKind = Literal["cancel", "replace"]
Change = Literal[
    "accepted",
    "partial_fill",
    "fill",
    "cancelled",
    "replaced",
    "replaced_filled",
    "rejected",
    "expired",
    "cancel_rejected",
    "replace_rejected",
    "amended",
    "taken_back",
    "unknown",
]
"""``amended``: a trade was busted or corrected and something stays filled; ``taken_back``: nothing does."""

# A fill after the end (a cancel or an expiry that crossed it) is admitted: the venue's record is the truth.
# A trade that is taken back after the end opens nothing again.
TRANSITIONS: Mapping[Standing, Mapping[Change, Standing]] = {
    "pending_new": {
        "accepted": "new",
        "partial_fill": "partially_filled",
        "fill": "filled",
        "cancelled": "cancelled",
        "replaced": "new",
        "rejected": "rejected",
        "expired": "expired",
        "cancel_rejected": "pending_new",
        "replace_rejected": "pending_new",
        "unknown": "rejected",
    },
    "new": {
        "accepted": "new",
        "partial_fill": "partially_filled",
        "fill": "filled",
        "cancelled": "cancelled",
        "replaced": "new",
        "rejected": "rejected",
        "expired": "expired",
        "cancel_rejected": "new",
        "replace_rejected": "new",
        "unknown": "cancelled",
    },
    "partially_filled": {
        "accepted": "partially_filled",
        "partial_fill": "partially_filled",
        "fill": "filled",
        "cancelled": "cancelled",
        "replaced": "partially_filled",
        "replaced_filled": "filled",
        "expired": "expired",
        "cancel_rejected": "partially_filled",
        "replace_rejected": "partially_filled",
        "unknown": "cancelled",
        "amended": "partially_filled",
        "taken_back": "new",
    },
    "filled": {
        "accepted": "filled",
        "partial_fill": "filled",
        "fill": "filled",
        "replaced": "partially_filled",
        "replaced_filled": "filled",
        "cancel_rejected": "filled",
        "replace_rejected": "filled",
        "amended": "cancelled",
        "taken_back": "cancelled",
    },
    "cancelled": {
        "accepted": "cancelled",
        "partial_fill": "cancelled",
        "fill": "filled",
        "cancelled": "cancelled",
        "cancel_rejected": "cancelled",
        "replace_rejected": "cancelled",
        "amended": "cancelled",
        "taken_back": "cancelled",
    },
    "rejected": {
        "partial_fill": "rejected",
        "fill": "filled",
        "rejected": "rejected",
        "cancel_rejected": "rejected",
        "replace_rejected": "rejected",
        "amended": "rejected",
        "taken_back": "rejected",
    },
    "expired": {
        "accepted": "expired",
        "partial_fill": "expired",
        "fill": "filled",
        "expired": "expired",
        "cancel_rejected": "expired",
        "replace_rejected": "expired",
        "amended": "expired",
        "taken_back": "expired",
    },
}


def after(standing: Standing, change: Change) -> Standing | None:
    """Where the order stands after the change; None when the matrices do not know it."""
    return TRANSITIONS[standing].get(change)


def status(standing: Standing, request: RequestKind | None, cancel_next: bool) -> OrderStatus:
    """The state of the highest precedence: an end, then pending cancel, then pending replace, then the standing."""
    if standing in FINAL or (request is None and not cancel_next):
        return standing
    return "pending_cancel" if cancel_next or request == "cancel" else "pending_replace"
