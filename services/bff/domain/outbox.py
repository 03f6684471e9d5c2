"""What waits for one client: conflated where that is allowed, bounded in any case."""

from collections import Counter
from typing import cast

from services.bff.domain.deltas import Delta, Latest, Levels
from services.bff.domain.tally import Tally

FRAME = 256 * 1024
"""Bytes of messages in one frame, so that no client's limit of a message's size is met."""


class Outbox:
    """Messages in the order of their coming; a conflated one keeps the place of the one that it follows.

    More than ``most`` is too many: the channel that has the most loses all it has, and its client subscribes anew.
    """

    def __init__(self, most: int, tally: Tally | None = None) -> None:
        self.most = most
        self._tally = tally or Tally()
        self._waiting: dict[int | str, tuple[str, bytes | Delta]] = {}
        self._next = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def say(self, channel: str, message: bytes) -> None:
        """Queue a message as it is."""
        self._next += 1
        self._tally.messages += 1
        self._waiting[self._next] = (channel, message)

    def add(self, delta: Delta) -> str | None:
        """Queue a change; the channel that was given up for it, if there were too many."""
        channel = delta.channel
        self._tally.messages += 1
        if not delta.conflated:
            self._next += 1
            self._waiting[self._next] = (channel, delta)
        elif (waiting := self._waiting.get(channel)) is not None:
            self._waiting[channel] = (channel, following(cast("Delta", waiting[1]), delta))
            self._tally.conflated += 1
        else:
            self._waiting[channel] = (channel, delta)
        return self._give_up() if len(self._waiting) > self.most else None

    def forget(self, channel: str) -> None:
        """Drop what waits of a channel."""
        for key in [key for key, (of, _) in self._waiting.items() if of == channel]:
            del self._waiting[key]

    def take(self) -> bytes:
        """The next frame: a JSON array of what waits, as far as it fits; at least one message."""
        size = 0
        frame: list[bytes] = []
        for _, entry in self._waiting.values():
            text = entry if isinstance(entry, bytes) else entry.message
            size += len(text)
            if frame and size > FRAME:
                break
            frame.append(text)
        if len(frame) == len(self._waiting):
            self._waiting.clear()
        else:
            for key in list(self._waiting)[: len(frame)]:
                del self._waiting[key]
        return b"[%b]" % b",".join(frame)

    def _give_up(self) -> str:
        counts = Counter(channel for channel, _ in self._waiting.values() if channel)
        [(channel, _)] = counts.most_common(1)
        self._tally.given_up += 1
        self.forget(channel)
        return channel


def following(waiting: Delta, delta: Delta) -> Delta:
    """One change in the place of two of the same channel."""
    if isinstance(delta, Levels) and isinstance(waiting, Levels):
        return delta.after(waiting)
    if isinstance(delta, Latest) and isinstance(waiting, Latest):
        return delta.after(waiting)
    raise TypeError(f"{delta.channel} changed its kind")
