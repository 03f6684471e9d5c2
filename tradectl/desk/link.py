"""The one WebSocket: follows what is wanted, comes back after a cut, and asks anew where a change is missing."""

import asyncio
import time
from collections.abc import Callable, Iterable

import msgspec

from tradectl.desk.client import PREFIX, Client
from tradectl.desk.failures import Failed, SignedOut
from tradectl.desk.state import State, Status
from tradectl.desk.wire import Closed, Socket

FIRST_PAUSE, LONGEST_PAUSE = 0.25, 5.0
"""Seconds before the first and before a later try."""
TRY_AGAIN = 1.0
"""Seconds before a channel whose service did not answer is asked for again."""
UNAUTHORISED = 4401


class Heard(msgspec.Struct):
    """One message of a frame."""

    type: str
    channel: str | None = None
    seq: int = 0
    prev_seq: int | None = None
    data: msgspec.Raw = msgspec.Raw(b"null")
    code: str = ""
    detail: str = ""


FRAME = msgspec.json.Decoder(list[Heard])


class Link:
    """``run`` goes on until it is cancelled or signed out; ``wanted`` may change at any time, by ``follow``."""

    def __init__(self, client: Client, state: State, heard: Callable[[str, bool], None] = lambda _, __: None) -> None:
        self.wanted: frozenset[str] = frozenset()
        self._client = client
        self._state = state
        self._heard = heard
        self._socket: Socket | None = None
        self._asked: set[str] = set()
        """What the server was asked for on this connection."""
        self._holes: set[str] = set()
        """Of these, the server's subscription still lives, and must end first."""
        self._seqs: dict[str, int] = {}
        self._changed = asyncio.Event()

    def follow(self, channels: Iterable[str]) -> None:
        """Follow these, and nothing else, from now on."""
        self.wanted = frozenset(channels)
        self._changed.set()

    async def run(self) -> None:
        """Raises SignedOut at the session's end."""
        pause = FIRST_PAUSE
        while True:
            self._tell("connecting" if self._state.link.status == "off" else self._state.link.status)
            began = time.monotonic()
            try:
                await self._connected()
            except Closed as cut:
                self._cut(str(cut))
                if cut.code == UNAUTHORISED:
                    await self._renew()
            pause = FIRST_PAUSE if time.monotonic() - began > LONGEST_PAUSE else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _connected(self) -> None:
        """One connection, until it ends by Closed."""
        address = f"{self._client.door.replace('http', 'ws', 1)}{PREFIX}/ws"
        async with self._client.wire.socket(address) as socket:
            await socket.send(msgspec.json.encode({"token": self._client.token}).decode())
            self._socket = socket
            for forgotten in (self._asked, self._holes, self._seqs):
                forgotten.clear()
            self._changed.set()
            asking, renewing = asyncio.create_task(self._ask()), asyncio.create_task(self._keep_token(socket))
            try:
                while True:
                    self._take(FRAME.decode(await socket.receive()))
            finally:
                self._socket = None
                asking.cancel()
                renewing.cancel()
                await asyncio.gather(asking, renewing, return_exceptions=True)

    async def _ask(self) -> None:
        """Tell the server what is wanted whenever that has changed."""
        while self._socket is not None:
            await self._changed.wait()
            self._changed.clear()
            gone, new = (self._asked - self.wanted) | self._holes, self.wanted - self._asked
            self._holes.clear()
            self._asked = set(self.wanted)  # before it is sent: the answer may be faster than this task
            for op, channels in (("unsubscribe", gone), ("subscribe", new)):
                if channels:
                    await self._socket.send(msgspec.json.encode({"op": op, "channels": sorted(channels)}).decode())
            for channel in gone:
                self._seqs.pop(channel, None)

    async def _keep_token(self, socket: Socket) -> None:
        """Renew the token before it ends and let the connection live on with it."""
        while True:
            await asyncio.sleep(max(0.0, self._client.renew_at - time.monotonic()))
            try:
                await self._client.renew(self._client.token)
            except SignedOut:
                return  # the connection ends with the token, and then it is told
            except Failed:
                await asyncio.sleep(TRY_AGAIN)
                continue
            await socket.send(msgspec.json.encode({"token": self._client.token}).decode())

    async def _renew(self) -> None:
        """After the end of a token; whether the session has ended too shows here."""
        try:
            await self._client.renew(self._client.token)
        except SignedOut:
            self._tell("off")
            raise
        except Failed as error:
            self._state.link.why = str(error)

    def _take(self, frame: list[Heard]) -> None:
        self._state.link.heard = time.monotonic()
        for message in frame:
            match message.type:
                case "snapshot" | "delta" if message.channel is not None and message.channel in self._asked:
                    self._apply(message, message.channel)
                case "authenticated":
                    self._tell("live")
                case "resubscribe" if message.channel is not None:
                    self._again(message.channel)
                case "error" if message.channel is not None and message.code != "subscribed":
                    asyncio.get_running_loop().call_later(TRY_AGAIN, self._again, message.channel)
                case _:
                    pass

    def _apply(self, message: Heard, channel: str) -> None:
        whole = message.type == "snapshot"
        if not whole and message.prev_seq != self._seqs.get(channel):
            self._lost(channel)
            return
        self._seqs[channel] = message.seq
        self._state.apply(channel, whole=whole, data=message.data)
        self._heard(channel, whole)

    def _lost(self, channel: str) -> None:
        """A change is missing: leave, and ask for the whole again."""
        if self._seqs.pop(channel, None) is not None:
            self._holes.add(channel)
            self._again(channel)

    def _again(self, channel: str) -> None:
        self._asked.discard(channel)
        self._changed.set()

    def _cut(self, why: str) -> None:
        self._state.link.why = why
        if self._state.link.status == "live":
            self._state.link.cuts += 1
        self._tell("cut")

    def _tell(self, status: Status) -> None:
        self._state.link.status = status
        self._state.touch("link")
