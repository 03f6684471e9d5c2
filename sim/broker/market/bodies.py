"""What subscribers are told (FIX 4.4 volume 3, Market Data), fields in the order of the standard's groups."""

from collections.abc import Sequence

from services.contracts import money
from services.contracts.instruments import Instrument
from services.contracts.market import Trade
from services.fix import tags
from services.fix.message import Body, Value
from services.fix.timestamps import timestamp_micros
from sim.broker.market.requests import Entry, Reason
from sim.broker.market.views import NEW, Change, View

Field = tuple[int, Value]
FULL, INCREMENTAL, REJECT = "W", "X", "Y"


def full_refresh(request_id: str, instrument: Instrument, view: View, last: Trade | None) -> Body:
    """MarketDataSnapshotFullRefresh: the levels, and the last trade where that is wanted."""
    entries = [
        field
        for (entry, price), (quantity, place) in view.items()
        for field in (
            (tags.MDEntryType, entry.value),
            *_amounts(instrument, price, quantity),
            (tags.MDEntryPositionNo, place),
        )
    ]
    if last is not None:
        entries += [
            (tags.MDEntryType, Entry.TRADE.value),
            *_amounts(instrument, last.price, last.quantity),
            *_when(last.time),
        ]
    count = len(view) + (last is not None)
    head: list[Field] = [(tags.MDReqID, request_id), (tags.Symbol, instrument.symbol), (tags.NoMDEntries, count)]
    return Body(FULL, [*head, *entries])


def incremental_refresh(
    request_id: str, instrument: Instrument, changes: Sequence[Change], trades: Sequence[Trade]
) -> Body:
    """MarketDataIncrementalRefresh: trades in their order, then what is another book by them."""
    head: list[Field] = [(tags.MDReqID, request_id), (tags.NoMDEntries, len(changes) + len(trades))]
    traded = [field for trade in trades for field in _traded(instrument, trade)]
    changed = [field for change in changes for field in _changed(instrument, change)]
    return Body(INCREMENTAL, [*head, *traded, *changed])


def reject(request_id: str, reason: Reason, text: str) -> Body:
    """MarketDataRequestReject."""
    return Body(REJECT, [(tags.MDReqID, request_id), (tags.MDReqRejReason, reason.value), (tags.Text, text)])


def _traded(instrument: Instrument, trade: Trade) -> list[Field]:
    return [
        (tags.MDUpdateAction, NEW),
        (tags.MDEntryType, Entry.TRADE.value),
        (tags.MDEntryID, f"{instrument.symbol}.{trade.trade_id}"),
        (tags.Symbol, instrument.symbol),
        *_amounts(instrument, trade.price, trade.quantity),
        *_when(trade.time),
    ]


def _changed(instrument: Instrument, change: Change) -> list[Field]:
    return [
        (tags.MDUpdateAction, change.action),
        (tags.MDEntryType, change.entry.value),
        (tags.Symbol, instrument.symbol),
        *_amounts(instrument, change.price, change.quantity),
        (tags.MDEntryPositionNo, change.position),
    ]


def _amounts(instrument: Instrument, price: int, quantity: int) -> list[Field]:
    return [
        (tags.MDEntryPx, money.text(price, instrument.price_scale)),
        (tags.MDEntrySize, money.text(quantity, instrument.quantity_scale)),
    ]


def _when(time: int) -> list[Field]:
    """Market time as MDEntryDate and MDEntryTime, UTC."""
    date, _, clock = timestamp_micros(time).partition(b"-")
    return [(tags.MDEntryDate, date), (tags.MDEntryTime, clock)]
