"""Lines of a recorded exchange: a receive time in nanoseconds and a JSON message of its public streams.

Binance's spot streams (depth, book ticker, trade) and the answer of its REST depth snapshot.
"""

import msgspec
from msgspec import field

Pairs = list[tuple[str, str]]


class Message(msgspec.Struct, gc=False):
    """Every kind in one: a trade has ``price``, a delta ``first``, a snapshot ``bids``, a ticker ``bid`` as text."""

    event: str = field(name="e", default="")
    symbol: str = field(name="s", default="")
    time: int = field(name="E", default=0)
    """Milliseconds."""
    update: int = field(name="u", default=0)
    first: int = field(name="U", default=0)
    bid: Pairs | str | None = field(name="b", default=None)
    ask: Pairs | str | None = field(name="a", default=None)
    bid_size: str = field(name="B", default="")
    ask_size: str = field(name="A", default="")
    price: str = field(name="p", default="")
    quantity: str = field(name="q", default="")
    buyer_made: bool = field(name="m", default=False)
    snapshot: int = field(name="lastUpdateId", default=0)
    bids: Pairs | None = None
    asks: Pairs | None = None


class Line(Message, gc=False):
    """A message, or one inside the combined streams' wrapper."""

    stream: str = ""
    data: Message | None = None


decode = msgspec.json.Decoder(Line).decode
MOST = 20_000
"""Decimal strings that a scale keeps."""


def parse(line: bytes) -> tuple[int, Message]:
    """Receive time in microseconds (0 when the line has none) and the message; ValueError when it is no such line."""
    stamp, blank, document = line.partition(b" ")
    if blank and stamp.isdigit():
        message = decode(document)
        return int(stamp) // 1_000, message.data or message
    if line[:1] != b"{":
        raise ValueError("no receive time before the message")
    message = decode(line)
    return (message.data or message).time * 1_000, message.data or message


class Scale(dict[str, int]):
    """Decimal strings as integers at a scale, kept because a book's prices come again and again."""

    def __init__(self, scale: int) -> None:
        super().__init__()
        self.scale = scale

    def __missing__(self, text: str) -> int:
        """More decimals than the scale holds are cut off."""
        whole, _, fraction = text.partition(".")
        if len(self) >= MOST:
            self.clear()
        self[text] = number = int(whole + fraction[: self.scale].ljust(self.scale, "0"))
        return number
