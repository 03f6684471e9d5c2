"""What happens to messages in sequence, too early, too late and wrong."""

from typing import Any

import pytest

from services.fix import tags
from services.fix.session import Role
from services.fix.session.effects import Deliver, Disconnect, Send
from services.fix.session.gap import MAX_EARLY, Gap
from services.fix.timestamps import timestamp
from tests.unit.fix.wire import ORDER, SECOND, Wire, text


def delivered(wire: Wire) -> list[int]:
    return [effect.message.seq for effect in wire.effects if isinstance(effect, Deliver)]


def test_application_messages_are_delivered_in_sequence() -> None:
    wire = Wire().up()
    assert delivered(wire.order()) == [2]
    assert delivered(wire.order()) == [3]
    assert wire.session.numbers.next_in == 4


def test_a_gap_is_asked_for_once_and_early_messages_wait_for_it() -> None:
    wire = Wire().up().order(seq=4)
    [request] = wire.got
    assert (request.msg_type, request.get(tags.BeginSeqNo), request.get(tags.EndSeqNo)) == ("2", b"2", b"0")
    assert wire.order(seq=5).effects == []
    assert delivered(wire.order(seq=2)) == [2]
    assert delivered(wire.order(seq=3)) == [3, 4, 5]


def test_what_the_resend_brings_twice_is_delivered_once() -> None:
    wire = Wire().up().order(seq=3)
    original = {"PossDupFlag": "Y", "OrigSendingTime": "20240808-07:09:59"}
    assert delivered(wire.order(seq=2, **original)) == [2, 3]
    assert wire.order(seq=3, **original).effects == []
    assert wire.session.numbers.next_in == 4


def test_a_gap_that_stays_is_asked_for_again() -> None:
    wire = Wire().up(heart_bt_int=0).order(seq=4)
    assert wire.tick(9).effects == []
    assert wire.tick(1).got[0].get(tags.BeginSeqNo) == b"2"
    wire.order(seq=2)
    assert wire.tick(10).got[0].get(tags.BeginSeqNo) == b"3"
    wire.order(seq=3)
    assert wire.tick(100).effects == []


def test_a_resend_that_takes_long_is_not_asked_for_again_while_it_comes() -> None:
    wire = Wire().up(heart_bt_int=0).order(seq=50)
    for seq in range(2, 30):
        assert wire.tick(8).effects == []
        wire.order(seq=seq)
    assert wire.tick(10).kinds() == "2"


def test_a_second_gap_behind_the_first_is_asked_for_when_that_is_filled() -> None:
    wire = Wire().up().order(seq=3).order(seq=6)
    wire.order(seq=2)
    assert delivered(wire) == [2, 3]
    assert wire.got[0].get(tags.BeginSeqNo) == b"4"
    wire.order(seq=4)
    assert delivered(wire.order(seq=5)) == [5, 6]


def test_a_gap_is_filled_by_one_message_too() -> None:
    wire = Wire().up().order(seq=9)
    wire.peer("4", (36, 9), (123, "Y"), seq=2, PossDupFlag="Y")
    assert delivered(wire) == [9]
    assert wire.session.numbers.next_in == 10


def test_a_gap_fill_that_reaches_beyond_what_came_early_drops_it() -> None:
    wire = Wire().up().order(seq=4)
    wire.peer("4", (36, 20), (123, "Y"), seq=2)
    assert wire.effects == []
    assert delivered(wire.order(seq=20)) == [20]


def test_a_hole_in_what_is_resent_is_asked_for_at_once_and_once() -> None:
    wire = Wire().up().order(seq=6)
    assert wire.got[0].get(tags.BeginSeqNo) == b"2"
    original = {"PossDupFlag": "Y", "OrigSendingTime": "20240808-07:09:59"}
    wire.order(seq=2, **original)
    wire.order(seq=4, **original)
    assert wire.got[0].get(tags.BeginSeqNo) == b"3"
    assert wire.order(seq=5, **original).effects == []
    assert delivered(wire.order(seq=3, **original)) == [3, 4, 5, 6]


def test_early_resend_requests_are_answered_at_once_and_not_again() -> None:
    wire = Wire().up()
    wire.send()
    wire.peer("2", (7, 1), (16, 0), seq=3)
    assert [type(effect).__name__ for effect in wire.effects] == ["Resend", "Send"]
    assert delivered(wire.order(seq=2)) == [2]
    assert len(wire.effects) == 1
    assert wire.session.numbers.next_in == 4


def test_a_bounded_number_of_early_messages_is_kept() -> None:
    gap, message = Gap(), Wire().up().got[0]
    assert gap.keep(5, message, 0, 4)
    for seq in range(6, MAX_EARLY + 10):
        assert not gap.keep(seq, message, 0, 4)
    assert gap.take(MAX_EARLY + 4) is message
    assert gap.take(MAX_EARLY + 5) is None


def test_a_number_too_low_ends_the_session() -> None:
    wire = Wire().up().order().order(seq=2)
    assert [text(message) for message in wire.got] == ["MsgSeqNum too low, expecting 3 but received 2"]
    assert isinstance(wire.effects[-1], Disconnect)


def test_a_number_too_low_is_ignored_in_a_possible_duplicate() -> None:
    wire = Wire().up().order()
    wire.order(seq=2, PossDupFlag="Y", OrigSendingTime="20240808-07:09:59")
    assert wire.effects == []


def test_a_possible_duplicate_without_its_first_sending_time_is_rejected() -> None:
    wire = Wire().up().order().order(seq=2, PossDupFlag="Y")
    assert wire.got[0].get(tags.RefTagID) == b"122"
    assert wire.session.logged_on


def test_a_possible_duplicate_first_sent_after_it_was_sent_ends_the_session() -> None:
    wire = Wire().up().order().order(seq=2, PossDupFlag="Y", OrigSendingTime="20240808-07:30:00")
    assert wire.kinds() == "35"
    assert not wire.session.logged_on


@pytest.mark.parametrize("header", [{"SenderCompID": "WT"}, {"TargetCompID": "WT"}])
def test_wrong_names_are_rejected_and_end_the_session(header: dict[str, Any]) -> None:
    wire = Wire().up().order(**header)
    assert wire.kinds() == "35"
    assert wire.got[0].get(tags.SessionRejectReason) == b"9"


@pytest.mark.parametrize("seconds", [-121, 121])
def test_a_sending_time_two_minutes_off_is_rejected_and_ends_the_session(seconds: int) -> None:
    wire = Wire().up()
    wire.order(SendingTime=timestamp(wire.now + seconds * SECOND))
    assert wire.kinds() == "35"
    assert wire.got[0].get(tags.SessionRejectReason) == b"10"


def test_another_begin_string_ends_the_session() -> None:
    wire = Wire().up().peer("0", begin_string=b"FIX.4.1")
    assert [text(message) for message in wire.got] == ["Incorrect BeginString"]
    assert wire.session.numbers.next_in == 2


@pytest.mark.parametrize("number", [None, "many"])
def test_a_message_without_a_number_ends_the_session(number: str | None) -> None:
    wire = Wire().up().order(MsgSeqNum=number)
    assert wire.kinds() == "5"
    assert wire.effects[-1] == Disconnect("MsgSeqNum missing")


def test_a_message_against_the_dictionary_is_rejected_and_uses_its_number_up() -> None:
    wire = Wire().up().peer("D", *ORDER[1:], OnBehalfOfCompID="FUND")
    [reject] = wire.got
    assert (reject.number(tags.RefSeqNum), reject.number(tags.RefTagID)) == (2, 11)
    assert (reject.get(tags.RefMsgType), reject.get(tags.DeliverToCompID)) == (b"D", b"FUND")
    assert wire.session.numbers.next_in == 3


def test_a_message_type_that_the_application_does_not_take_is_refused_and_the_refusal_kept() -> None:
    wire = Wire().up().peer("H", (11, "A"), (55, "AAPL"), (54, "1"))
    [reject] = wire.got
    assert (reject.msg_type, reject.get(tags.BusinessRejectReason)) == ("j", b"3")
    [effect] = wire.effects
    assert isinstance(effect, Send)
    assert effect.keep


@pytest.mark.parametrize(("application", "count"), [("D3", 1), ("D", 0)])
def test_rejects_are_delivered_where_the_application_wants_them(application: str, count: int) -> None:
    wire = Wire(application=application).up().peer("3", (45, 1))
    assert len(delivered(wire)) == count


def test_reset_mode_raises_the_expected_number_whatever_its_own() -> None:
    wire = Wire().up().peer("4", (36, 25), seq=0)
    assert wire.effects == []
    assert wire.session.numbers.next_in == 25


def test_reset_mode_cannot_lower_the_expected_number() -> None:
    wire = Wire().up().order().peer("4", (36, 2), seq=0)
    assert text(wire.got[0]) == "Value is incorrect (out of range) for this tag"
    assert wire.session.numbers.next_in == 3


def test_reset_mode_without_a_new_number_is_rejected() -> None:
    wire = Wire().up().peer("4", seq=0)
    assert wire.got[0].get(tags.RefTagID) == b"36"


def test_a_gap_fill_that_goes_backwards_is_rejected() -> None:
    wire = Wire().up().peer("4", (36, 2), (123, "Y"))
    assert wire.kinds() == "3"


def test_an_initiator_does_not_let_the_peer_reset_within_a_session() -> None:
    wire = Wire(Role.INITIATOR).connect().logon().logon((141, "Y"), seq=1)
    assert wire.kinds() == "5"
