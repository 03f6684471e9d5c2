"""FIX order messages as commands of the venue."""

from collections.abc import Mapping
from typing import TypeVar

from services.contracts.instruments import Instrument
from services.fix.messages import (
    NewOrderSingle,
    OrderCancelReplaceRequest,
    OrderCancelRequest,
    OrderStatusRequest,
)
from sim.broker.refusals import UNKNOWN_SYMBOL, UNSUPPORTED, RefusedError
from sim.broker.terms import SIDES, TIFS, TYPES, Amounts, amounts, check_limit
from sim.venue.orders import Cancel, NewOrder, Replace, Status

Word = TypeVar("Word")
Instruments = Mapping[str, Instrument]
UNPRICED = Amounts(0, None, None, None)
"""The venue refuses an unknown symbol before it looks at quantity and prices, which nobody can read without scales."""


def new_order(record: NewOrderSingle, sender: str, instruments: Instruments, most: int) -> NewOrder:
    """An order; RefusedError when it is not one of ours."""
    side, order_type = supported(SIDES, record.side), supported(TYPES, record.ord_type)
    tif = supported(TIFS, record.time_in_force)
    instrument, terms = instruments.get(record.symbol), UNPRICED
    if instrument is not None:
        terms = amounts(instrument, order_type, record.order_qty, record.price, record.stop_px, record.max_floor)
        check_limit(instrument, terms.quantity, most)
    return NewOrder(
        sender=sender,
        cl_ord_id=record.cl_ord_id,
        account=record.account,
        symbol=record.symbol,
        side=side,
        type=order_type,
        tif=tif,
        quantity=terms.quantity,
        limit_price=terms.limit_price,
        stop_price=terms.stop_price,
        worst_price=terms.worst_price,
        display=terms.display,
    )


def change(
    record: OrderCancelRequest | OrderCancelReplaceRequest, sender: str, instruments: Instruments, most: int
) -> Cancel | Replace:
    """A cancel or new terms."""
    if isinstance(record, OrderCancelRequest):
        return cancel(record, sender)
    return replace(record, sender, instruments, most)


def cancel(record: OrderCancelRequest, sender: str) -> Cancel:
    """A cancel."""
    return Cancel(sender=sender, cl_ord_id=record.cl_ord_id, orig_cl_ord_id=record.orig_cl_ord_id, symbol=record.symbol)


def replace(record: OrderCancelReplaceRequest, sender: str, instruments: Instruments, most: int) -> Replace:
    """New terms; RefusedError when they cannot be read."""
    instrument = instruments.get(record.symbol)
    if instrument is None:
        raise RefusedError(UNKNOWN_SYMBOL)
    order_type = supported(TYPES, record.ord_type)
    terms = amounts(instrument, order_type, record.order_qty, record.price, record.stop_px, record.max_floor)
    check_limit(instrument, terms.quantity, most)
    return Replace(
        sender=sender,
        cl_ord_id=record.cl_ord_id,
        orig_cl_ord_id=record.orig_cl_ord_id,
        symbol=record.symbol,
        quantity=terms.quantity,
        limit_price=terms.limit_price,
        stop_price=terms.stop_price,
        worst_price=terms.worst_price,
        display=terms.display,
    )


def status(record: OrderStatusRequest, sender: str) -> Status:
    """A question about an order."""
    return Status(sender=sender, cl_ord_id=record.cl_ord_id)


def supported(words: Mapping[str, Word], character: str) -> Word:
    """Our word for FIX's character; RefusedError for what FIX knows and this broker does not."""
    word = words.get(character)
    if word is None:
        raise RefusedError(UNSUPPORTED)
    return word
