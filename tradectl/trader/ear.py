"""A WebSocket that keeps all it hears, refusals and its own end too: for who asks later what was said."""

import json
import time
from collections.abc import Sequence
from contextlib import ExitStack
from typing import Any

from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

from tradectl.trader.failures import Unreachable
from tradectl.trader.trader import PATIENCE

Message = dict[str, Any]
CONNECTION = "connection"
"""The channel of what is about the connection itself."""


class Ear:
    """Each message gets ``heard``, the wall time in seconds."""

    def __init__(self, door: str, token: str) -> None:
        self.messages: list[Message] = []
        self.open = True
        self._connection = ExitStack()
        address = f"{door.replace('http', 'ws', 1)}/api/v1/ws"
        try:
            self._socket = self._connection.enter_context(connect(address, compression=None, open_timeout=PATIENCE))
            self._socket.send(json.dumps({"token": token}))
        except (OSError, WebSocketException) as error:
            raise Unreachable(f"the WebSocket was not opened: {error}") from error

    def follow(self, channels: Sequence[str]) -> None:
        """Ask for these channels."""
        try:
            self._socket.send(json.dumps({"op": "subscribe", "channels": list(channels)}))
        except (OSError, WebSocketException) as error:
            raise Unreachable(f"the WebSocket has ended: {error}") from error

    def heard(self) -> list[Message]:
        """Everything so far; does not wait."""
        while self.open:
            try:
                frame = json.loads(self._socket.recv(0))
            except TimeoutError:
                break
            except (ConnectionClosed, OSError) as error:
                self.open = False
                code = error.rcvd.code if isinstance(error, ConnectionClosed) and error.rcvd else None
                frame = [{"type": "closed", "code": code}]
            self.messages += [{"channel": CONNECTION, "heard": time.time(), **message} for message in frame]
        return self.messages

    def close(self) -> None:
        """Say good-bye."""
        self._connection.close()
