"""Every version of every event keeps its JSON: what was once published can still be read.

A new event or version writes its golden file with ``python -m tests.contract.test_events``; an existing one is
never rewritten.
"""

from pathlib import Path
from typing import Any

import msgspec
import pytest

from services.contracts import events  # noqa: F401  registers every event
from services.contracts.chat import ChatMessage
from services.contracts.event import REGISTRY, Event
from services.contracts.market import Bar, Quote
from services.contracts.orders import Fill, OrderState
from tests.instruments import AAPL

GOLDEN = Path(__file__).parent / "events"
ID = "01j4s9aq4n3v8q2r5t7w9y1z3b"
MOMENT = 1_723_101_000_000_000

ORDER = OrderState(
    order_id=ID,
    account_id=ID,
    client_order_id="mine-1",
    symbol="AAPL",
    currency="USD",
    price_scale=2,
    quantity_scale=0,
    side="buy",
    type="limit",
    tif="day",
    quantity=10,
    limit_price=43012,
    status="partially_filled",
    filled=4,
    value=172048,
    fees=87,
    reserved=258201,
    created=MOMENT,
    updated=MOMENT,
)
FILL = Fill(
    fill_id="E-1",
    order_id=ID,
    account_id=ID,
    symbol="AAPL",
    currency="USD",
    price_scale=2,
    quantity_scale=0,
    side="buy",
    price=43012,
    quantity=4,
    cost=172048,
    fee=87,
    liquidity="taker",
    time=MOMENT,
)
BACK = msgspec.structs.replace(FILL, fill_id="E-2", quantity=-4, cost=-172048, fee=-87, reverses="E-1")
INSTRUMENT = msgspec.structs.replace(
    AAPL, name="Apple Inc.", maker_fee_ppm=200, taker_fee_ppm=500, opens="07:00", closes="20:40"
)
QUOTE = Quote(symbol="AAPL", seq=7, time=MOMENT, bid=43011, bid_size=100, ask=43012, ask_size=200, last=43012)
BAR = Bar(
    symbol="AAPL", interval="1m", start=MOMENT, open=43000, high=43020, low=42990, close=43012, volume=900, trades=12
)
MESSAGE = ChatMessage(
    message_id=ID,
    topic_id=ID,
    author_id=ID,
    author="Жанна",
    text="",
    posted=MOMENT,
    reply_to=ID,
    edited=MOMENT,
    removed=MOMENT,
    removed_by="moderator",
    reason="spam",
    reactions={"like": 2},
    mentions=(ID,),
)
SAMPLES: dict[str, Any] = {
    "message": MESSAGE,
    "by": "author",
    "order": ORDER,
    "fill": FILL,
    "taken_back": BACK,
    "instrument": INSTRUMENT,
    "quote": QUOTE,
    "bar": BAR,
    "roles": ("trader",),
    "session_ids": (ID,),
    "mentions": (ID,),
    "blocked": True,
    "enabled": True,
    "historical": False,
    "language": "ru",
    "status": "open",
    "reason": "logout",
    "strategy": "rsi",
    "side": "buy",
}


def sample(kind: type[Event]) -> Event:
    """An event with a telling value in each field."""
    return kind(**{field.name: value_of(kind, field) for field in msgspec.structs.fields(kind)})


def value_of(kind: type[Event], field: msgspec.structs.FieldInfo) -> Any:
    if kind.name == "signal_raised" and field.name == "reason":
        return {"en": "RSI 14 fell to 24.1.", "ru": "RSI 14 снизился до 24,1."}
    if kind.name == "user_blocked" and field.name == "by":
        return "a by"
    if kind.name == "trade_busted" and field.name == "fill":
        return BACK
    if field.name in SAMPLES:
        return SAMPLES[field.name]
    if field.type is int:
        return 12345
    if field.type == dict[str, str]:
        return {"rsi": "24.1"}
    return f"a {field.name}"


def path_of(kind: type[Event]) -> Path:
    return GOLDEN / f"{kind.producer}.{kind.name}.v{kind.version}.json"


KINDS = sorted(REGISTRY.values(), key=lambda kind: (kind.producer, kind.name, kind.version))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_event_is_read_from_and_written_to_its_golden_json(kind: type[Event]) -> None:
    golden = path_of(kind).read_bytes().strip()
    event = msgspec.json.decode(golden, type=kind)
    assert event == sample(kind)
    assert msgspec.json.encode(event) == golden


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_event_has_the_key_of_its_aggregate(kind: type[Event]) -> None:
    assert sample(kind).key


def test_no_golden_file_is_without_its_event() -> None:
    assert {path.name for path in GOLDEN.glob("*.json")} == {path_of(kind).name for kind in KINDS}


if __name__ == "__main__":
    for each in KINDS:
        if not path_of(each).exists():
            path_of(each).write_bytes(msgspec.json.encode(sample(each)) + b"\n")
