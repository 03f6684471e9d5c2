"""The FIX codec against simplefix: a 12-field NewOrderSingle from pairs to bytes, and back to int-tagged fields."""

import gc
import time
from collections.abc import Callable, Sequence

import simplefix

from services.fix import codec, tags
from tests.bench.figures import Figure, figure

PAIRS = 9
ROUNDS = 2_000
ORDER: Sequence[tuple[int, bytes]] = (
    (tags.MsgType, b"D"),
    (tags.MsgSeqNum, b"1215"),
    (tags.SenderCompID, b"ORDERS"),
    (tags.SendingTime, b"20240808-07:10:00.123"),
    (tags.TargetCompID, b"BROKER"),
    (tags.ClOrdID, b"01J4R6M3ZC8V0Q5W2T9K7XHBNE-1"),
    (tags.Account, b"01J4R6KX2D"),
    (tags.Symbol, b"BTCUSDT"),
    (tags.Side, b"1"),
    (tags.OrderQty, b"0.02000"),
    (tags.OrdType, b"2"),
    (tags.Price, b"61837.63"),
)
"""Twelve fields; BeginString, BodyLength and CheckSum are the codec's to add."""


def simplefix_encode() -> bytes:
    message = simplefix.FixMessage()
    message.append_pair(8, b"FIX.4.4")
    for tag, value in ORDER:
        message.append_pair(tag, value)
    encoded: bytes = message.encode()
    return encoded


def ours_encode() -> bytes:
    return codec.encode(ORDER)


def simplefix_decode(frame: bytes) -> list[tuple[int, bytes]]:
    """It checks neither BodyLength nor CheckSum; ours checks both."""
    parser = simplefix.FixParser()
    parser.append_buffer(frame)
    message = parser.get_message()
    return [(int(tag), value) for tag, value in message.pairs]


def ours_decode(frame: bytes) -> list[tuple[int, bytes]]:
    return codec.decode(frame).fields


def measure() -> list[Figure]:
    """Medians of interleaved pairs, with their ranges."""
    frame = ours_encode()
    if frame != simplefix_encode() or ours_decode(frame) != simplefix_decode(frame):
        raise AssertionError("the two codecs do not agree on the message")
    return [
        _figure("FIX encode, times simplefix", 5, simplefix_encode, ours_encode),
        _figure("FIX decode, times simplefix", 7, lambda: simplefix_decode(frame), lambda: ours_decode(frame)),
    ]


def _figure(name: str, reach: float, theirs: Callable[[], object], ours: Callable[[], object]) -> Figure:
    return figure(name, [_seconds(theirs) / _seconds(ours) for _ in range(PAIRS)], reach, "high")


def _seconds(work: Callable[[], object]) -> float:
    gc.collect()
    begin = time.perf_counter()
    for _ in range(ROUNDS):
        work()
    return time.perf_counter() - begin


if __name__ == "__main__":
    for row in measure():
        print(f"{row['figure']}: {row['value']:.1f} ({row['range'][0]:.1f} to {row['range'][1]:.1f})")
