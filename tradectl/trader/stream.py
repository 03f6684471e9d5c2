"""The trader's WebSocket: what came is kept, and waited for by what it says."""

import json
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self

from websockets.exceptions import WebSocketException
from websockets.sync.client import connect

from tradectl.trader.failures import Failed, Unreachable
from tradectl.trader.trader import PATIENCE

Message = dict[str, Any]


class Stream:
    """Opened with the token, then subscribed."""

    def __init__(self, door: str, token: str, channels: Sequence[str]) -> None:
        self.messages: list[Message] = []
        self._open = ExitStack()
        try:
            address = f"{door.replace('http', 'ws', 1)}/api/v1/ws"
            self._socket = self._open.enter_context(connect(address, compression=None, open_timeout=PATIENCE))
            self._socket.send(json.dumps({"token": token}))
            self._socket.send(json.dumps({"op": "subscribe", "channels": list(channels)}))
        except (OSError, WebSocketException) as error:
            raise Unreachable(f"the WebSocket was not opened: {error}") from error
        for channel in channels:
            self.until(of(channel, "snapshot"), f"the snapshot of {channel}")

    def until(self, said: Callable[[Message], object], what: str) -> Message:
        """The first message so far, or to come, of which this is true."""
        for message in self.messages:
            if said(message):
                return message
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            for message in self._receive(left, what):
                if said(message):
                    return message
        raise Failed(f"the WebSocket did not say within {PATIENCE:g} s: {what}")

    def _receive(self, timeout: float, what: str) -> list[Message]:
        """The next frame: an array of messages."""
        try:
            frame: list[Message] = json.loads(self._socket.recv(timeout))
        except TimeoutError:
            raise Failed(f"the WebSocket did not say within {PATIENCE:g} s: {what}") from None
        except (OSError, WebSocketException) as error:
            raise Failed(f"the WebSocket ended before it said: {what} ({error})") from error
        self.messages += frame
        for message in frame:
            if message["type"] in ("error", "resubscribe"):
                raise Failed(f"the WebSocket refused {message.get('channel')}: {message.get('detail', 'a hole')}")
        return frame

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self._open.close()


def of(channel: str, kind: str | None = None) -> Callable[[Message], bool]:
    """Whether a message is of this channel, and of this kind."""
    return lambda message: message.get("channel") == channel and kind in (None, message["type"])
