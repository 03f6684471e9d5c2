"""Changes of a channel, numbered; those that may be conflated know how to follow one that still waits."""

from collections.abc import Callable
from typing import Self

Render = Callable[[dict[int, int], dict[int, int], int], bytes]
"""Changed bids and asks, and market time, as a book message's data."""


def message(channel: str, kind: str, seq: int, prev_seq: int | None, data: bytes) -> bytes:
    """One message; built by hand, because the data is encoded once and the numbers differ by client."""
    return b'{"channel":"%b","type":"%b","seq":%d,"prev_seq":%b,"data":%b}' % (
        channel.encode(),
        kind.encode(),
        seq,
        b"null" if prev_seq is None else b"%d" % prev_seq,
        data,
    )


class Delta:
    """What happened between two numbers. One object serves all clients, so its bytes are made once."""

    __slots__ = ("_data", "_message", "channel", "prev_seq", "seq")
    conflated = False

    def __init__(self, channel: str, prev_seq: int, seq: int, data: bytes = b"") -> None:
        self.channel = channel
        self.prev_seq = prev_seq
        self.seq = seq
        self._data = data
        self._message: bytes | None = None

    @property
    def data(self) -> bytes:
        return self._data

    @property
    def message(self) -> bytes:
        """As it is sent."""
        if self._message is None:
            self._message = message(self.channel, "delta", self.seq, self.prev_seq, self.data)
        return self._message


class Latest(Delta):
    """A value that the next one replaces: a quote, the forming candle."""

    __slots__ = ()
    conflated = True

    def after(self, waiting: Self) -> Self:
        """This value in the place of the one that was not sent."""
        return type(self)(self.channel, waiting.prev_seq, self.seq, self.data)


class Levels(Delta):
    """Changed levels of a book; two changes are one with the later quantity of each price."""

    __slots__ = ("asks", "bids", "render", "time")
    conflated = True

    def __init__(
        self,
        channel: str,
        prev_seq: int,
        seq: int,
        bids: dict[int, int],
        asks: dict[int, int],
        time: int,
        render: Render,
    ) -> None:
        super().__init__(channel, prev_seq, seq)
        self.bids = bids
        self.asks = asks
        self.time = time
        self.render = render

    @property
    def data(self) -> bytes:
        if not self._data:
            self._data = self.render(self.bids, self.asks, self.time)
        return self._data

    def after(self, waiting: Self) -> Self:
        """Both changes in one."""
        bids, asks = waiting.bids | self.bids, waiting.asks | self.asks
        return type(self)(self.channel, waiting.prev_seq, self.seq, bids, asks, self.time, self.render)
