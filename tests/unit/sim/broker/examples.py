"""Executions and messages to begin from."""

from typing import Any

from msgspec.structs import replace

from services.fix import tags
from services.fix.codec import decode, encode
from services.fix.message import Body, Message, Value
from sim.venue.orders import Execution
from tests import instruments

AAPL = replace(instruments.AAPL, band_bps=2000, maker_fee_ppm=100, taker_fee_ppm=300)
BTCUSDT = replace(instruments.BTCUSDT, band_bps=2000, maker_fee_ppm=800, taker_fee_ppm=1000)
INSTRUMENTS = {"AAPL": AAPL, "BTCUSDT": BTCUSDT}
TIME = 1_723_100_400_123_456


def execution(**facts: Any) -> Execution:
    """A new limit order's first report."""
    terms: dict[str, Any] = {
        "number": 7,
        "exec_id": "E0000000007",
        "kind": "new",
        "status": "new",
        "order_id": "V000000003",
        "sender": "ORDERS",
        "cl_ord_id": "o1.1",
        "account": "anna",
        "symbol": "BTCUSDT",
        "side": "buy",
        "type": "limit",
        "tif": "day",
        "quantity": 2_000,
        "limit_price": 6_183_763,
        "leaves": 2_000,
        "filled": 0,
        "value": 0,
        "time": TIME,
    }
    return Execution(**(terms | facts))


def framed(body: Body) -> Message:
    """The body as it would come off the wire."""
    header: list[tuple[int, Value]] = [
        (tags.MsgType, body.msg_type),
        (tags.MsgSeqNum, 2),
        (tags.SenderCompID, "BROKER"),
        (tags.SendingTime, "20240808-07:10:00.000"),
        (tags.TargetCompID, "ORDERS"),
    ]
    return decode(encode([*header, *body.fields]))
