"""A message whose number was used up by another is not lost: it is heard when it is resent."""

from typing import Any

import pytest

from services.fix import tags
from services.fix.message import Message
from services.fix.session.effects import Deliver, Disconnect
from services.fix.session.heard import MEMORY, Heard
from tests.unit.fix.wire import ORDER, Wire

AGAIN: dict[str, Any] = {"PossDupFlag": "Y", "OrigSendingTime": "20240808-07:09:59"}


def order(wire: Wire, name: str, seq: int, **header: Any) -> Wire:
    return wire.peer("D", (11, name), *ORDER[1:], seq=seq, **header)


def delivered(wire: Wire) -> list[bytes | None]:
    return [effect.message.get(tags.ClOrdID) for effect in wire.effects if isinstance(effect, Deliver)]


def test_a_message_whose_number_a_gap_fill_skipped_is_heard_when_it_is_resent() -> None:
    wire = Wire().up().peer("4", (36, 5), (123, "Y"), seq=2)
    assert delivered(order(wire, "B", 3, **AGAIN)) == [b"B"]
    assert order(wire, "B", 3, **AGAIN).effects == []
    assert wire.session.numbers.next_in == 5


def test_a_message_whose_number_another_took_while_a_gap_was_open_is_heard_when_it_is_resent() -> None:
    wire = Wire().up()
    order(wire, "C", 3)
    order(wire, "E, wrongly numbered", 3)
    assert delivered(order(wire, "B", 2, **AGAIN)) == [b"B", b"E, wrongly numbered"]
    assert delivered(order(wire, "C", 3, **AGAIN)) == [b"C"]
    assert order(wire, "C", 3, **AGAIN).effects == []
    assert wire.session.numbers.next_in == 4


def test_a_message_that_finds_its_number_taken_ends_the_session_and_is_asked_for_after_the_next_logon() -> None:
    wire = Wire().up()
    order(wire, "D, wrongly numbered", 2)
    order(wire, "B", 2)
    assert isinstance(wire.effects[-1], Disconnect)
    assert wire.session.numbers.next_in == 2
    wire.connect().logon(seq=4)
    assert wire.got[-1].get(tags.BeginSeqNo) == b"2"
    assert delivered(order(wire, "B", 2, **AGAIN)) == [b"B"]
    assert delivered(order(wire, "C", 3, **AGAIN)) == [b"C"]
    assert wire.session.numbers.next_in == 5


def test_what_was_heard_is_not_heard_again_when_all_is_asked_for_from_before_it() -> None:
    wire = Wire().up()
    order(wire, "wrongly numbered", 2)
    order(wire, "C", 3)
    order(wire, "B", 2)
    wire.connect().logon(seq=5)
    assert delivered(order(wire, "B", 2, **AGAIN)) == [b"B"]
    assert delivered(order(wire, "C", 3, **AGAIN)) == []
    assert delivered(order(wire, "D", 4, **AGAIN)) == [b"D"]
    assert wire.session.numbers.next_in == 6


@pytest.mark.parametrize("kind", ["0", "1"])
def test_an_administrative_message_that_comes_late_is_not_looked_at(kind: str) -> None:
    wire = Wire().up().peer("4", (36, 5), (123, "Y"), seq=2)
    assert wire.peer(kind, (112, "x"), seq=3, **AGAIN).effects == []


def test_what_lies_before_all_that_is_remembered_counts_as_heard() -> None:
    wire = Wire(next_in=7).connect().logon(seq=7)
    assert order(wire, "B", 3, **AGAIN).effects == []


def numbered(message: Message, seq: int) -> Message:
    fields = [(tag, b"%d" % seq if tag == tags.MsgSeqNum else value) for tag, value in message.fields]
    return Message(message.frame, fields)


def test_a_bounded_number_of_messages_is_remembered() -> None:
    heard, message = Heard(1), Wire().up().got[0]
    for seq in range(1, MEMORY + 3):
        heard.took(numbered(message, seq))
    assert heard.knows(numbered(message, MEMORY + 2))
    assert not heard.knows(numbered(message, 1))
    assert not heard.lacks(numbered(message, 1))
