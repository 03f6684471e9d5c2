"""The session's rules (FIX 4.4 volume 2), for both sides: messages and time come in, effects come out."""

from collections.abc import Callable, Iterable, Iterator
from enum import Enum, auto
from typing import TypeAlias

from services.fix import tags
from services.fix.codec import BEGIN_STRING
from services.fix.message import Body, Message
from services.fix.rejection import SessionReject, SessionRejectReason
from services.fix.session.answers import Answers
from services.fix.session.checks import duplicate_fault, origin_fault
from services.fix.session.effects import Deliver, Disconnect, Effect, LoggedOn, Resend, Reset, Send, Synchronised
from services.fix.session.gap import Gap
from services.fix.session.heard import Heard
from services.fix.session.outgoing import Outgoing
from services.fix.session.settings import SECOND, Role, SessionNumbers, SessionSettings, StoredMessage

Validate: TypeAlias = Callable[[Message], SessionReject | None]

ADMINISTRATIVE = frozenset("01234A")
"""Logout (5) is taken out of turn and never comes this far."""
TEST_REQUEST_AFTER = 1.2
"""Heartbeat intervals of silence, then a TestRequest (volume 2 asks for "some reasonable transmission time" more)."""
DISCONNECT_AFTER = 2.4
SYNCHRONISE = b"SYNCHRONISE"
"""TestReqID of the initiator's first TestRequest: its answer shows that the peer has filled its gap."""
LOGOUT_CAUSES = (SessionRejectReason.COMP_ID_PROBLEM, SessionRejectReason.SENDING_TIME_ACCURACY_PROBLEM)


class Phase(Enum):
    """Where a connection stands."""

    DOWN = auto()
    LOGGING_ON = auto()
    LOGGED_ON = auto()
    LOGGING_OUT = auto()


class Session:
    """One side of one session; outlives its connections. Times are integer microseconds UTC."""

    def __init__(self, settings: SessionSettings, numbers: SessionNumbers, validate: Validate) -> None:
        self.settings = settings
        self.phase = Phase.DOWN
        self._validate = validate
        self._out = Outgoing(settings, numbers.next_out)
        self._answer = Answers(self._out)
        self._next_in = numbers.next_in
        self._gap = Gap()
        self._heard = Heard(numbers.next_in)
        self._interval = settings.heart_bt_int * SECOND
        self._since = 0
        self._last_in = 0
        self._tested = False

    @property
    def numbers(self) -> SessionNumbers:
        """As they stand after all effects handed out so far."""
        return SessionNumbers(self._out.next_seq, self._next_in)

    @property
    def logged_on(self) -> bool:
        """Whether application messages go to the wire."""
        return self.phase is Phase.LOGGED_ON

    # What happens to the connection

    def connected(self, now: int) -> list[Effect]:
        """A connection stands; the initiator says who it is."""
        self.phase, self._since, self._last_in, self._tested, self._gap = Phase.LOGGING_ON, now, now, False, Gap()
        if self.settings.role is Role.INITIATOR:
            if self.settings.reset_on_logon:
                self._reset()
            self._answer.logon(self.settings.heart_bt_int, now, reset=self.settings.reset_on_logon)
        return self._answer.taken()

    def disconnected(self) -> None:
        """The connection is gone; the numbers stay."""
        self.phase = Phase.DOWN

    def received(self, message: Message, now: int) -> list[Effect]:
        """A message that is framed well."""
        if self.phase is Phase.DOWN:
            return []
        self._last_in, self._tested = now, False
        if self.phase is Phase.LOGGING_ON:
            self._on_first_message(message, now)
        else:
            self._on_message(message, now)
        return self._answer.taken()

    def garbled(self) -> list[Effect]:
        """A message to be ignored, unless it should have been the Logon."""
        if self.phase is Phase.LOGGING_ON:
            self._disconnect("the first message is garbled")
        return self._answer.taken()

    def tick(self, now: int) -> list[Effect]:
        """Time has passed: heartbeats, tests, time-outs. To be called a few times a second."""
        if self.phase is Phase.LOGGING_ON and now - self._since >= self.settings.logon_timeout:
            self._disconnect("no Logon came")
        elif self.phase is Phase.LOGGING_OUT and now - self._since >= self.settings.logout_timeout:
            self._disconnect("no Logout came")
        elif self.phase is Phase.LOGGED_ON:
            self._watch(now)
        return self._answer.taken()

    # What the application wants

    def send(self, body: Body, now: int) -> list[Effect]:
        """Number and frame an application message."""
        seq, frame = self._out.frame(body, now)
        return [Send(seq, frame, keep=True, write=self.logged_on)]

    def take_back(self, next_out: int) -> None:
        """Give the numbers from there on to other messages: theirs were neither kept nor written."""
        self._out.next_seq = next_out

    def log_out(self, now: int, text: str = "") -> list[Effect]:
        """End the session in order; the connection ends when the peer has answered, or soon."""
        if self.phase is Phase.LOGGING_ON:
            self._disconnect("logged out before the Logon was answered")
        self._log_out(now, text)
        return self._answer.taken()

    def replay(self, resend: Resend, stored: Iterable[StoredMessage], now: int) -> Iterator[bytes]:
        """Frames that answer a Resend; they take no number and change nothing that must be kept."""
        return self._out.replay(resend.begin, resend.end, stored, now)

    # Time

    def _watch(self, now: int) -> None:
        if self._gap.overdue(now, self.settings.resend_timeout):
            self._request_resend(now)
        if not self._interval:
            return
        silence = now - self._last_in
        if silence >= DISCONNECT_AFTER * self._interval:
            self._disconnect("the peer is silent")
        elif silence >= TEST_REQUEST_AFTER * self._interval and not self._tested:
            self._tested = True
            self._answer.test_request(b"TEST", now)
        elif now - self._out.last >= self._interval and not self._tested:
            self._answer.heartbeat(now)

    # Logon

    def _on_first_message(self, message: Message, now: int) -> None:
        if message.msg_type != "A":
            text = message.text(tags.Text) if message.msg_type == "5" else None
            return self._disconnect(f"logged out: {text}" if text else "the first message is not a Logon")
        fault = origin_fault(message, self.settings, now) or self._validate(message)
        if message.get(tags.BeginString) != BEGIN_STRING or fault:
            return self._disconnect(fault.text if fault else "Incorrect BeginString")
        reset = message.flag(tags.ResetSeqNumFlag)
        initiator = self.settings.role is Role.INITIATOR
        if initiator and reset != self.settings.reset_on_logon:
            return self._disconnect("ResetSeqNumFlag is not what was asked for")
        if not initiator and (reset or self.settings.reset_on_logon):
            self._reset()
        if message.seq < self._next_in:
            return self._refuse_low(message.seq, now)
        self.phase = Phase.LOGGED_ON
        if not initiator:
            self._interval = (message.number(tags.HeartBtInt) or 0) * SECOND
            self._answer.logon(self._interval // SECOND, now, reset=reset)
        self._answer.effects.append(LoggedOn())
        if message.seq == self._next_in:
            self._use_up(message)
        else:
            self._keep_early(message.seq, message, now)
        if initiator:
            self._answer.test_request(SYNCHRONISE, now)
        return None

    def _on_logon_again(self, message: Message, now: int) -> None:
        """The peer begins its numbers, and ours, at 1 within the session."""
        reject = self._validate(message)
        if reject is None and message.seq != 1:
            reject = SessionReject(SessionRejectReason.VALUE_INCORRECT, tags.MsgSeqNum)
        if reject:
            return self._answer.reject(message, reject, now)
        self._reset()
        self._next_in = 2
        self._interval = (message.number(tags.HeartBtInt) or 0) * SECOND
        self._answer.logon(self._interval // SECOND, now, reset=True)
        return None

    # Messages of a session

    def _on_message(self, message: Message, now: int) -> None:
        if message.get(tags.BeginString) != BEGIN_STRING:
            return self._log_out(now, "Incorrect BeginString")
        seq, kind = message.number(tags.MsgSeqNum), message.msg_type
        if seq is None:
            self._log_out(now, "MsgSeqNum missing")
            return self._disconnect("MsgSeqNum missing")
        fault = origin_fault(message, self.settings, now) or duplicate_fault(message)
        if fault:
            self._refuse(message, fault, now)
        elif kind == "5":
            self._on_logout(message, now)
        elif kind == "4" and not message.flag(tags.GapFillFlag):
            self._on_sequence_reset(message, now)
        elif kind == "A" and message.flag(tags.ResetSeqNumFlag) and self.settings.role is Role.ACCEPTOR:
            self._on_logon_again(message, now)
        elif seq > self._next_in:
            self._on_early(message, now)
        elif seq < self._next_in:
            self._on_late(message, now)
        else:
            self._process(message, now)
        self._drain(now)
        return None

    def _on_early(self, message: Message, now: int) -> None:
        if message.msg_type == "2" and self._validate(message) is None:
            self._answer.resend(message)
        self._keep_early(message.seq, message, now)

    def _on_late(self, message: Message, now: int) -> None:
        lacking = message.msg_type in self.settings.application and self._heard.lacks(message)
        if message.flag(tags.PossDupFlag):
            if lacking:
                self._heard.took(message)
                self._apply(message, now)
        elif message.msg_type != "2":
            self._refuse_low(message.seq, now)
            if lacking:
                # Another message had its number: after the next Logon it is asked for, and heard ones are known.
                self._next_in = message.seq
        elif self._validate(message) is None:
            self._answer.resend(message)

    def _refuse(self, message: Message, fault: SessionReject, now: int) -> None:
        self._answer.reject(message, fault, now)
        if message.seq == self._next_in:
            self._use_up(message)
        if fault.reason in LOGOUT_CAUSES:
            self._log_out(now)

    def _refuse_low(self, seq: int, now: int) -> None:
        text = f"MsgSeqNum too low, expecting {self._next_in} but received {seq}"
        self._answer.logout(now, text)
        self._disconnect(text)

    def _drain(self, now: int) -> None:
        """Early messages whose turn has come; requests and Logons among them have been answered when they came."""
        while self.phase is not Phase.DOWN and (message := self._gap.take(self._next_in)):
            if message.msg_type in ("2", "A"):
                self._use_up(message)
            else:
                self._process(message, now)
        if self.phase is not Phase.DOWN and self._gap.settle(self._next_in, now):
            self._request_resend(now)

    def _process(self, message: Message, now: int) -> None:
        """A message whose turn it is; its number is used up whatever is wrong with it."""
        known = message.flag(tags.PossDupFlag) and self._heard.knows(message)
        self._use_up(message)
        if not known:
            self._apply(message, now)

    def _use_up(self, message: Message) -> None:
        self._next_in += 1
        self._heard.took(message)

    def _apply(self, message: Message, now: int) -> None:
        reject = self._validate(message)
        if reject:
            self._answer.reject(message, reject, now)
        elif message.msg_type in ADMINISTRATIVE:
            self._on_administrative(message, now)
        elif message.msg_type in self.settings.application:
            self._answer.effects.append(Deliver(message))
        else:
            self._answer.reject_business(message, now)

    def _on_administrative(self, message: Message, now: int) -> None:
        match message.msg_type:
            case "0" if message.get(tags.TestReqID) == SYNCHRONISE:
                self._answer.effects.append(Synchronised())
            case "1":
                self._answer.heartbeat(now, message.get(tags.TestReqID))
            case "2":
                self._answer.resend(message)
            case "3" if "3" in self.settings.application:
                self._answer.effects.append(Deliver(message))
            case "4":
                self._on_gap_fill(message, now)
            case "A":
                self._answer.reject(message, SessionReject(SessionRejectReason.OTHER), now)

    def _on_gap_fill(self, message: Message, now: int) -> None:
        next_seq = int(message.first[tags.NewSeqNo])
        if next_seq <= message.seq:
            return self._answer.reject(message, SessionReject(SessionRejectReason.VALUE_INCORRECT), now)
        self._next_in = next_seq
        return None

    def _on_sequence_reset(self, message: Message, now: int) -> None:
        """Reset mode: its own number is of no interest, and the expected one cannot be lowered."""
        reject, next_seq = self._validate(message), message.number(tags.NewSeqNo) or 0
        if reject is None and next_seq < self._next_in:
            reject = SessionReject(SessionRejectReason.VALUE_INCORRECT)
        if reject:
            return self._answer.reject(message, reject, now)
        self._next_in = next_seq
        return None

    def _on_logout(self, message: Message, now: int) -> None:
        if message.seq == self._next_in:
            self._use_up(message)
        if self.phase is Phase.LOGGED_ON:
            self._answer.logout(now)
        self._disconnect(message.text(tags.Text) or "logged out")

    # Answers

    def _keep_early(self, seq: int, message: Message, now: int) -> None:
        if self._gap.keep(seq, message, now, self._next_in):
            self._request_resend(now)

    def _request_resend(self, now: int) -> None:
        self._answer.resend_request(self._next_in, now)

    def _log_out(self, now: int, text: str = "") -> None:
        if self.phase is Phase.LOGGED_ON:
            self._answer.logout(now, text)
            self.phase, self._since = Phase.LOGGING_OUT, now

    def _reset(self) -> None:
        self._next_in, self._out.next_seq, self._gap, self._heard = 1, 1, Gap(), Heard(1)
        self._answer.effects.append(Reset())

    def _disconnect(self, reason: str) -> None:
        if self.phase is not Phase.DOWN:
            self.phase = Phase.DOWN
            self._answer.effects.append(Disconnect(reason))
