"""What a ResendRequest brings back."""

from hypothesis import given
from hypothesis import strategies as st

from services.fix import tags
from services.fix.codec import decode
from services.fix.message import Body, Message
from services.fix.session import Exchange, StoredMessage
from services.fix.session.effects import Resend, Send
from tests.unit.fix.wire import SECOND, Wire


def asked(wire: Wire, begin: int, end: int) -> Resend | None:
    wire.peer("2", (7, begin), (16, end))
    return next((effect for effect in wire.effects if isinstance(effect, Resend)), None)


def replayed(wire: Wire, resend: Resend, stored: list[StoredMessage]) -> list[Message]:
    return [decode(frame) for frame in wire.session.replay(resend, stored, wire.now)]


def sent(wire: Wire, kinds: str) -> list[StoredMessage]:
    """Send an application message for each D, a heartbeat for each 0; answer what is kept."""
    kept: list[StoredMessage] = []
    for kind in kinds:
        wire.send(f"S{wire.session.numbers.next_out}") if kind == "D" else wire.peer("1", (112, "x"))
        kept += [StoredMessage(e.seq, e.frame) for e in wire.effects if isinstance(e, Send) and e.keep]
    return kept


def test_application_messages_come_again_as_possible_duplicates() -> None:
    wire = Wire().up()
    kept = sent(wire, "D")
    first = decode(kept[0].frame)
    wire.now += 5 * SECOND
    [again] = replayed(wire, Resend(2, 2), kept)
    assert again.flag(tags.PossDupFlag)
    assert (again.seq, again.get(tags.Symbol)) == (2, b"S2")
    assert again.get(tags.OrigSendingTime) == first.get(tags.SendingTime)
    assert again.get(tags.SendingTime) != first.get(tags.SendingTime)
    assert wire.session.numbers.next_out == 3


def test_administrative_messages_are_skipped_by_one_gap_fill() -> None:
    wire = Wire().up()
    kept = sent(wire, "00D0")
    messages = replayed(wire, Resend(1, 5), kept)
    assert [(m.msg_type, m.seq, m.number(tags.NewSeqNo)) for m in messages] == [
        ("4", 1, 4),
        ("D", 4, None),
        ("4", 5, 6),
    ]
    assert all(message.flag(tags.PossDupFlag) for message in messages)


@given(st.text("D0", max_size=12), st.integers(1, 13), st.integers(0, 20))
def test_a_replay_leads_exactly_to_the_number_after_what_was_asked_for(kinds: str, begin: int, end: int) -> None:
    wire = Wire().up()
    kept = sent(wire, kinds)
    resend = asked(wire, begin, end)
    last = min(end, len(kinds) + 1) if end else len(kinds) + 1
    if begin > last:
        assert resend is None
        return
    assert resend == Resend(begin, last)
    expected = begin
    for message in replayed(wire, resend, [m for m in kept if begin <= m.seq <= last]):
        assert message.seq == expected
        expected = message.number(tags.NewSeqNo) or expected + 1
    assert expected == last + 1


def test_a_request_for_what_was_never_sent_is_not_answered() -> None:
    assert asked(Wire().up(), 7, 0) is None
    assert asked(Wire().up(), 0, 0) is None


def test_a_request_too_low_is_answered_unless_it_is_a_duplicate() -> None:
    wire = Wire().up().order()
    wire.peer("2", (7, 1), (16, 0), seq=2)
    assert wire.effects == [Resend(1, 1)]
    wire.peer("2", (7, 1), (16, 0), seq=2, PossDupFlag="Y", OrigSendingTime="20240808-07:09:59")
    assert wire.effects == []


def test_an_exchange_is_what_one_transaction_keeps() -> None:
    wire = Wire().up()
    exchange = Exchange(wire.session, wire.now)
    exchange.effects += wire.order().effects
    assert [message.seq for message in exchange.delivered] == [2]
    exchange.send([])
    assert exchange.sent == []
    assert exchange.numbers == (2, 3)
    assert exchange.changed
    assert not exchange.reset


def test_what_a_repeated_transaction_sends_takes_the_same_numbers() -> None:
    wire = Wire().up()
    exchange = Exchange(wire.session, wire.now)
    exchange.effects += wire.peer("1", (112, "x")).effects
    exchange.rewind()
    for symbols in (["LOST", "TOO"], ["KEPT"]):
        exchange.rewind()
        exchange.send([Body("D", [(55, symbol)]) for symbol in symbols])
    assert [decode(stored.frame).get(tags.Symbol) for stored in exchange.sent] == [b"KEPT"]
    assert [effect.seq for effect in exchange.effects if isinstance(effect, Send)] == [2, 3]
    assert exchange.numbers == (4, 3)


def test_an_exchange_in_which_nothing_happened_needs_no_transaction() -> None:
    wire = Wire().up()
    assert not Exchange(wire.session, wire.now).changed


def test_after_a_reset_an_exchange_keeps_what_was_sent_after_it() -> None:
    wire = Wire().up()
    exchange = Exchange(wire.session, wire.now)
    exchange.effects += wire.send("OLD").effects
    exchange.effects += wire.logon((141, "Y"), seq=1).effects
    exchange.effects += wire.send("NEW").effects
    assert exchange.reset
    assert [decode(stored.frame).get(tags.Symbol) for stored in exchange.sent] == [b"NEW"]
    assert exchange.sent[0].seq == 2
