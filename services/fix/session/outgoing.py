"""Numbers and frames what leaves, and frames again what the peer asks for (FIX 4.4 volume 2, Standard Header)."""

from collections.abc import Iterable, Iterator

from services.fix import tags
from services.fix.codec import decode, encode
from services.fix.message import Body, Value
from services.fix.session.settings import SessionSettings, StoredMessage
from services.fix.timestamps import timestamp

HEADER_TAGS = frozenset(
    (
        tags.BeginString,
        tags.BodyLength,
        tags.MsgType,
        tags.MsgSeqNum,
        tags.SenderCompID,
        tags.SendingTime,
        tags.TargetCompID,
        tags.PossDupFlag,
        tags.OrigSendingTime,
        tags.CheckSum,
    )
)


class Outgoing:
    """Frames for one pair of names; ``last`` is when something was framed last."""

    def __init__(self, settings: SessionSettings, next_seq: int) -> None:
        self.next_seq = next_seq
        self.last = 0
        self._sender = settings.sender_comp_id.encode()
        self._target = settings.target_comp_id.encode()

    def frame(self, body: Body, now: int) -> tuple[int, bytes]:
        """Give the message the next number."""
        seq = self.next_seq
        self.next_seq = seq + 1
        self.last = now
        return seq, self._encode(body.msg_type.encode(), b"%d" % seq, body.fields, now)

    def _encode(self, msg_type: bytes, seq: bytes, fields: Iterable[tuple[int, Value]], now: int) -> bytes:
        return encode(
            [
                (tags.MsgType, msg_type),
                (tags.MsgSeqNum, seq),
                (tags.SenderCompID, self._sender),
                (tags.SendingTime, timestamp(now)),
                (tags.TargetCompID, self._target),
                *fields,
            ]
        )

    def replay(self, begin: int, end: int, stored: Iterable[StoredMessage], now: int) -> Iterator[bytes]:
        """The stored messages as possible duplicates, a gap fill over each run of numbers between them."""
        expected = begin
        for message in stored:
            if message.seq > expected:
                yield self._gap_fill(expected, message.seq, now)
            yield self._again(message, now)
            expected = message.seq + 1
        if expected <= end:
            yield self._gap_fill(expected, end + 1, now)

    def _again(self, stored: StoredMessage, now: int) -> bytes:
        message = decode(stored.frame)
        body = [(tag, value) for tag, value in message.fields if tag not in HEADER_TAGS]
        original = message.first[tags.SendingTime]
        return self._possible_duplicate(message.msg_type.encode(), stored.seq, original, body, now)

    def _gap_fill(self, seq: int, next_seq: int, now: int) -> bytes:
        body: list[tuple[int, Value]] = [(tags.NewSeqNo, next_seq), (tags.GapFillFlag, b"Y")]
        return self._possible_duplicate(b"4", seq, timestamp(now), body, now)

    def _possible_duplicate(
        self, msg_type: bytes, seq: int, original: bytes, body: Iterable[tuple[int, Value]], now: int
    ) -> bytes:
        self.last = now
        return encode(
            [
                (tags.MsgType, msg_type),
                (tags.MsgSeqNum, seq),
                (tags.PossDupFlag, b"Y"),
                (tags.SenderCompID, self._sender),
                (tags.SendingTime, timestamp(now)),
                (tags.TargetCompID, self._target),
                (tags.OrigSendingTime, original),
                *body,
            ]
        )
