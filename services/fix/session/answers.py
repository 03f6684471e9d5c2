"""The session's own messages, collected as effects (FIX 4.4 volume 2, Administrative Messages)."""

from collections.abc import Sequence

from services.fix import tags
from services.fix.message import Body, Message, Value
from services.fix.rejection import SessionReject
from services.fix.session.effects import Effect, Resend, Send
from services.fix.session.outgoing import Outgoing

# On whose behalf a message came, and to whom its answer is therefore to be delivered.
REVERSED_ROUTE = (
    (tags.OnBehalfOfCompID, tags.DeliverToCompID),
    (tags.OnBehalfOfSubID, tags.DeliverToSubID),
    (tags.DeliverToCompID, tags.OnBehalfOfCompID),
    (tags.DeliverToSubID, tags.OnBehalfOfSubID),
    (tags.OnBehalfOfLocationID, tags.DeliverToLocationID),
    (tags.DeliverToLocationID, tags.OnBehalfOfLocationID),
)

UNSUPPORTED_MESSAGE_TYPE = 3
"""BusinessRejectReason."""


class Answers:
    """Frames them and holds the effects of one step."""

    def __init__(self, out: Outgoing) -> None:
        self.effects: list[Effect] = []
        self._out = out

    def taken(self) -> list[Effect]:
        """The effects so far; the next step begins with none."""
        effects, self.effects = self.effects, []
        return effects

    def logon(self, heart_bt_int: int, now: int, *, reset: bool) -> None:
        """EncryptMethod is always none."""
        fields: list[tuple[int, Value]] = [(tags.EncryptMethod, b"0"), (tags.HeartBtInt, heart_bt_int)]
        if reset:
            fields.append((tags.ResetSeqNumFlag, b"Y"))
        self._send("A", fields, now)

    def heartbeat(self, now: int, test: bytes | None = None) -> None:
        """By itself, or in answer to a TestRequest."""
        self._send("0", [] if test is None else [(tags.TestReqID, test)], now)

    def test_request(self, test: bytes, now: int) -> None:
        """Asks for a heartbeat with the same TestReqID."""
        self._send("1", [(tags.TestReqID, test)], now)

    def resend_request(self, begin: int, now: int) -> None:
        """Asks for everything from there on."""
        self._send("2", [(tags.BeginSeqNo, begin), (tags.EndSeqNo, b"0")], now)

    def resend(self, request: Message) -> None:
        """What the peer asks for, as far as it was ever sent."""
        begin, end = int(request.first[tags.BeginSeqNo]), int(request.first[tags.EndSeqNo])
        last = self._out.next_seq - 1
        end = min(end, last) if end else last
        if 0 < begin <= end:
            self.effects.append(Resend(begin, end))

    def logout(self, now: int, text: str = "") -> None:
        """Says goodbye, or why."""
        self._send("5", [(tags.Text, text)] if text else [], now)

    def reject(self, message: Message, reject: SessionReject, now: int) -> None:
        """Session level: the message is wrong in itself."""
        fields = _reversed_route(message)
        fields += [(tags.RefSeqNum, message.seq), (tags.Text, reject.text)]
        if reject.tag is not None:
            fields.append((tags.RefTagID, reject.tag))
        fields += [(tags.RefMsgType, message.msg_type), (tags.SessionRejectReason, int(reject.reason))]
        self._send("3", fields, now)

    def reject_business(self, message: Message, now: int) -> None:
        """The application does not take this MsgType; an application message itself, so it is kept for a resend."""
        fields = _reversed_route(message)
        fields += [(tags.RefSeqNum, message.seq), (tags.Text, "Unsupported Message Type")]
        fields += [(tags.RefMsgType, message.msg_type), (tags.BusinessRejectReason, UNSUPPORTED_MESSAGE_TYPE)]
        self._send("j", fields, now, keep=True)

    def _send(self, msg_type: str, fields: Sequence[tuple[int, Value]], now: int, *, keep: bool = False) -> None:
        seq, frame = self._out.frame(Body(msg_type, fields), now)
        self.effects.append(Send(seq, frame, keep))


def _reversed_route(message: Message) -> list[tuple[int, Value]]:
    """The routing fields of an answer."""
    route = ((answer, message.get(asked)) for asked, answer in REVERSED_ROUTE)
    return [(tag, value) for tag, value in route if value]
