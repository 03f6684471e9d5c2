"""A session under test, and the other end of its wire."""

from collections.abc import Iterable
from typing import Any

from services.fix import tags
from services.fix.codec import BEGIN_STRING, decode, encode
from services.fix.message import Body, Message, Value
from services.fix.session import Role, Session, SessionNumbers, SessionSettings
from services.fix.session.effects import Effect, Send
from services.fix.timestamps import timestamp
from services.fix.validation import validate

SECOND = 1_000_000
START = 1_723_101_000 * SECOND
ORDER: list[tuple[int, Value]] = [(11, "A"), (55, "AAPL"), (54, "1"), (60, "20240808-07:10:00"), (40, "1")]


class Wire:
    """Us (`session`) and the peer, who counts by itself; `got` is what reached it, `effects` everything."""

    def __init__(
        self,
        role: Role = Role.ACCEPTOR,
        *,
        next_out: int = 1,
        next_in: int = 1,
        application: Iterable[str] = "D3",
        reset: bool = False,
    ) -> None:
        self.settings = SessionSettings(
            role=role,
            sender_comp_id="US",
            target_comp_id="PEER",
            application=frozenset(application),
            reset_on_logon=reset,
        )
        self.session = Session(self.settings, SessionNumbers(next_out, next_in), validate)
        self.now = START
        self.seq = next_in
        self.effects: list[Effect] = []

    @property
    def got(self) -> list[Message]:
        return [decode(effect.frame) for effect in self.effects if isinstance(effect, Send)]

    def kinds(self) -> str:
        """The MsgTypes that reached the peer by the last step."""
        return "".join(message.msg_type for message in self.got)

    def took(self, effects: list[Effect]) -> "Wire":
        self.effects = effects
        return self

    def connect(self) -> "Wire":
        return self.took(self.session.connected(self.now))

    def tick(self, seconds: float) -> "Wire":
        self.now += int(seconds * SECOND)
        return self.took(self.session.tick(self.now))

    def peer(
        self,
        msg_type: str,
        *fields: tuple[int, Value],
        seq: int | None = None,
        begin_string: bytes = BEGIN_STRING,
        **header: Value | None,
    ) -> "Wire":
        """The peer sends; names in the header are those of tags, None leaves one out."""
        if seq is None:
            seq, self.seq = self.seq, self.seq + 1
        values: dict[str, Value | None] = {
            "MsgType": msg_type,
            "MsgSeqNum": seq,
            "SenderCompID": "PEER",
            "SendingTime": timestamp(self.now),
            "TargetCompID": "US",
            **header,
        }
        pairs = [(getattr(tags, name), value) for name, value in values.items() if value is not None]
        frame = encode([*pairs, *fields])
        frame = b"8=%b%b" % (begin_string, frame[len(b"8=FIX.4.4") : -len(b"10=000|")])
        frame += b"10=%03d\x01" % (sum(frame) % 256)
        return self.took(self.session.received(decode(frame), self.now))

    def logon(self, *fields: tuple[int, Value], seq: int | None = None, heart_bt_int: int = 30) -> "Wire":
        return self.peer("A", (98, 0), (108, heart_bt_int), *fields, seq=seq)

    def up(self, heart_bt_int: int = 30) -> "Wire":
        """Connected and logged on."""
        return self.connect().logon(heart_bt_int=heart_bt_int)

    def order(self, seq: int | None = None, **header: Any) -> "Wire":
        return self.peer("D", *ORDER, seq=seq, **header)

    def send(self, symbol: str = "AAPL") -> "Wire":
        return self.took(self.session.send(Body("D", [(55, symbol)]), self.now))


def text(message: Message) -> str | None:
    return message.text(tags.Text)
