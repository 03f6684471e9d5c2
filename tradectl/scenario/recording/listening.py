"""WebSockets become steps: a `subscribe`, and an `expect: message` for what was heard before the next thing was done.

Nobody can see what a client waits for. So all is taken for waited for that names what the steps made, an order or a
message; of each market channel that it moves, once; and what was refused.
"""

from dataclasses import dataclass, field
from typing import Any

from tradectl.scenario.recording.calls import TEMPLATE
from tradectl.scenario.recording.cast import Player
from tradectl.scenario.recording.names import ID, Names, leaves
from tradectl.scenario.recording.orders import STANDING
from tradectl.scenario.recording.script import Script
from tradectl.scenario.recording.written import Written

MARKET = {"quotes", "book", "trades", "candles"}
"""Channels whose next delta comes by itself, whatever anybody does."""
NOTIFICATIONS = "notifications"
OF_ORDERS = "order_"
"""Kinds of notifications that an order brings about; what the others need, the market may not do again."""
ENDED_BY_THE_DOOR = range(4_000, 5_000)
LONG = 60
"""Seconds for what comes by itself."""
Message = dict[str, Any]


@dataclass
class Ear:
    """What a user listens to: channels by the socket that follows them; ``pending`` are expectations by their subject.

    An actor of a scenario has one WebSocket: those that a user has open at once are one there.
    """

    channels: dict[str, object] = field(default_factory=dict)
    sockets: list[object] = field(default_factory=list)
    moved: set[str] = field(default_factory=set)
    pending: dict[tuple[str, str], Written] = field(default_factory=dict)


class Listening:
    """All users' ears; ``socket`` is whatever tells one connection from another."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.ears: dict[str, Ear] = {}

    def asked(self, socket: object, token: str, frame: Any) -> None:
        """What a client sent, after its token."""
        player = self.script.cast.of_token(token)
        if player is None or not isinstance(frame, dict) or frame.get("op") != "subscribe":
            self._leave_out("it is no subscription of somebody whose token is good")
            return
        ear = self.ears.setdefault(player.name, Ear())
        wanted = [each for each in frame.get("channels") or () if ear.channels.get(each, socket) is socket]
        sayable = [each for each in wanted if self._sayable(each)]
        if not sayable:
            return
        self.flush()
        if socket not in ear.sockets:
            ear.sockets.append(socket)
        ear.channels |= dict.fromkeys(sayable, socket)
        ear.moved -= set(sayable)
        names = self.script.names
        self.script.write(Written("subscribe", {"actor": player.name, "channels": names.filled(sayable)}))

    def said(self, socket: object, token: str, messages: Any) -> None:
        """What the door sent."""
        player = self.script.cast.of_token(token)
        ear = self.ears.get(player.name) if player else None
        if player is None or ear is None or socket not in ear.sockets:
            return
        for message in messages if isinstance(messages, list) else ():
            channel = str(message.get("channel", "")) if isinstance(message, dict) else ""
            if ear.channels.get(channel) is socket:
                self._heard(player, ear, channel, message)

    def closed(self, socket: object, token: str, code: int | None) -> None:
        """``code`` is the door's, None where the client closed it."""
        player = self.script.cast.of_token(token)
        ear = self.ears.get(player.name) if player else None
        if player is None or ear is None or socket not in ear.sockets:
            return
        ear.sockets.remove(socket)
        ear.channels = {channel: whose for channel, whose in ear.channels.items() if whose is not socket}
        if code in ENDED_BY_THE_DOOR:
            self._expect(player, ear, "connection", "closed", {"type": "closed", "code": code})
        if ear.sockets:
            return
        self.flush()
        if code is None:
            self.script.write(Written("disconnect", {"actor": player.name}))

    def flush(self) -> None:
        """Something is done: what was heard until now comes before it."""
        for ear in self.ears.values():
            pending, ear.pending = ear.pending, {}
            for step in pending.values():
                self.script.write(step)

    def _heard(self, player: Player, ear: Ear, channel: str, message: Message) -> None:
        data = message.get("data")
        if message.get("type") == "error":
            self._expect(player, ear, channel, "error", {"type": "error", "code": message.get("code")})
        elif message.get("type") != "delta" or not isinstance(data, dict):
            return  # a snapshot is waited for by its `subscribe`
        elif channel.partition(":")[0] in MARKET:
            if channel not in ear.moved:
                ear.moved.add(channel)
                self._expect(player, ear, channel, "", {"type": "delta"})
        elif facts := told(channel, data, self.script.names):
            subject = str(sorted(value for value in facts.values() if TEMPLATE in value) or facts)
            self._expect(player, ear, channel, subject, {"type": "delta", **facts})

    def _expect(self, player: Player, ear: Ear, channel: str, subject: str, checks: Message) -> None:
        """The last that was said of a subject is what was waited for."""
        body = {"message": self.script.names.filled(channel), "actor": player.name, "is": checks}
        ear.pending[channel, subject] = Written("expect", body, within=LONG)

    def _sayable(self, channel: object) -> bool:
        """Whether a scenario can name it: it holds no id of before the recording."""
        if not isinstance(channel, str) or TEMPLATE in channel:
            self._leave_out("it asked for what is no channel")
            return False
        named = channel.partition(":")[2]
        if ID.fullmatch(named) and named not in self.script.names.templates:
            self._leave_out(f"{channel.partition(':')[0]}: it is of before the recording")
            return False
        return True

    def _leave_out(self, why: str) -> None:
        said = f"a WebSocket's message: {why}"
        if said not in self.script.left_out:
            self.script.left_out.append(said)


def told(channel: str, data: Message, names: Names) -> dict[str, str]:
    """What of a delta will be so again: the ids that steps showed, an order's status; nothing where it was chance."""
    if channel == NOTIFICATIONS:
        kind = str(data.get("kind", ""))
        return {"data.kind": kind} if kind.startswith(OF_ORDERS) else {}
    if channel == "orders":
        order = data.get("order") or {}
        known = order.get("id") in names.templates and order.get("status") in STANDING
        return {"data.order.id": names.filled(order["id"]), "data.order.status": order["status"]} if known else {}
    return {f"data.{way}": names.filled(value) for way, value in leaves(data) if value in names.templates}
