"""Logon and Logout, by both sides."""

from typing import Any

import pytest

from services.fix import tags
from services.fix.codec import decode
from services.fix.session import Role
from services.fix.session.effects import Disconnect, LoggedOn, Reset, Send, Synchronised
from tests.unit.fix.wire import Wire, text


def test_an_acceptor_answers_a_logon_with_the_same_heartbeat_interval() -> None:
    wire = Wire().connect()
    assert wire.effects == []
    wire.logon(heart_bt_int=17)
    [answer] = wire.got
    assert (answer.msg_type, answer.seq, answer.number(tags.HeartBtInt)) == ("A", 1, 17)
    assert wire.session.logged_on
    assert LoggedOn() in wire.effects
    assert wire.session.numbers == (2, 2)


def test_an_initiator_says_who_it_is_and_asks_whether_the_peer_has_everything() -> None:
    wire = Wire(Role.INITIATOR).connect()
    assert wire.kinds() == "A"
    wire.logon()
    assert wire.kinds() == "1"
    wire.peer("0", (112, b"SYNCHRONISE"))
    assert wire.effects == [Synchronised()]


def test_an_initiator_is_not_synchronised_before_its_own_gap_is_filled() -> None:
    wire = Wire(Role.INITIATOR).connect().logon(seq=3)
    assert wire.kinds() == "21"
    wire.peer("0", (112, b"SYNCHRONISE"), seq=4)
    assert wire.effects == []
    wire.peer("4", (36, 4), (123, "Y"), seq=1, PossDupFlag="Y")
    assert wire.effects == [Synchronised()]


@pytest.mark.parametrize(
    "wrong",
    [
        {"SenderCompID": "STRANGER"},
        {"TargetCompID": "NOT US"},
        {"SendingTime": "20010101-00:00:00"},
        {"SendingTime": "yesterday"},
        {"begin_string": b"FIX.3.9"},
        {"MsgSeqNum": None},
        {"TestReqID": "no field of a Logon"},
    ],
)
def test_a_wrong_logon_ends_the_connection_without_a_word(wrong: dict[str, Any]) -> None:
    wire = Wire().connect().peer("A", (98, 0), (108, 30), **wrong)
    [effect] = wire.effects
    assert isinstance(effect, Disconnect)
    assert wire.session.numbers == (1, 1)


def test_any_other_first_message_ends_the_connection() -> None:
    assert Wire().connect().peer("0").effects == [Disconnect("the first message is not a Logon")]


def test_a_garbled_first_message_ends_the_connection_and_a_later_one_is_ignored() -> None:
    wire = Wire().connect()
    assert wire.session.garbled() == [Disconnect("the first message is garbled")]
    assert Wire().up().session.garbled() == []


def test_a_refused_initiator_learns_why() -> None:
    wire = Wire(Role.INITIATOR).connect().peer("5", (58, "not today"))
    assert wire.effects == [Disconnect("logged out: not today")]


def test_a_logon_too_high_is_answered_and_the_gap_asked_for() -> None:
    wire = Wire(next_in=3).connect().logon(seq=7)
    answer, request = wire.got
    assert (answer.msg_type, request.msg_type) == ("A", "2")
    assert (request.get(tags.BeginSeqNo), request.get(tags.EndSeqNo)) == (b"3", b"0")
    assert wire.session.numbers.next_in == 3


@pytest.mark.parametrize("role", Role)
def test_a_logon_too_low_is_refused_with_the_expected_number(role: Role) -> None:
    wire = Wire(role, next_in=9).connect().logon(seq=3)
    assert [text(message) for message in wire.got] == ["MsgSeqNum too low, expecting 9 but received 3"]
    assert isinstance(wire.effects[-1], Disconnect)


@pytest.mark.parametrize("reset", [True, False])
def test_numbers_begin_again_when_the_peer_or_the_setting_says_so(reset: bool) -> None:
    wire = Wire(next_out=40, next_in=50, reset=reset).connect()
    wire.logon(*([] if reset else [(141, "Y")]), seq=1)
    assert wire.effects[0] == Reset()
    assert wire.got[0].seq == 1
    assert wire.got[0].flag(tags.ResetSeqNumFlag) is not reset
    assert wire.session.numbers == (2, 2)


def test_an_initiator_that_resets_says_so_and_expects_the_same() -> None:
    wire = Wire(Role.INITIATOR, next_out=40, next_in=50, reset=True).connect()
    assert wire.effects[0] == Reset()
    assert wire.got[0].flag(tags.ResetSeqNumFlag)
    assert isinstance(wire.logon(seq=1).effects[0], Disconnect)


def test_an_initiator_refuses_a_reset_it_did_not_ask_for() -> None:
    wire = Wire(Role.INITIATOR, next_out=40, next_in=50).connect().logon((141, "Y"), seq=1)
    assert wire.effects == [Disconnect("ResetSeqNumFlag is not what was asked for")]
    assert wire.session.numbers == (41, 50)


def test_a_reset_within_a_session_starts_both_numbers_at_one() -> None:
    wire = Wire().up().order().order().logon((141, "Y"), seq=1)
    assert wire.effects[0] == Reset()
    assert (wire.got[0].msg_type, wire.got[0].seq) == ("A", 1)
    assert wire.session.numbers == (2, 2)


def test_a_reset_within_a_session_must_carry_number_one() -> None:
    wire = Wire().up().logon((141, "Y"), seq=2)
    assert wire.kinds() == "3"


def test_a_second_logon_without_a_reset_is_rejected() -> None:
    assert Wire().up().logon().kinds() == "3"


def test_no_logon_in_time_ends_the_connection() -> None:
    wire = Wire().connect()
    assert wire.tick(9.9).effects == []
    assert wire.tick(0.1).effects == [Disconnect("no Logon came")]


def test_a_logout_is_answered_and_the_connection_closed() -> None:
    wire = Wire().up().peer("5")
    assert wire.kinds() == "5"
    assert wire.effects[-1] == Disconnect("logged out")
    assert wire.session.numbers == (3, 3)


def test_a_logout_out_of_sequence_is_answered_too_and_its_number_asked_for_later() -> None:
    wire = Wire().up().peer("5", seq=9)
    assert wire.kinds() == "5"
    assert wire.session.numbers.next_in == 2


def test_our_logout_waits_for_its_answer() -> None:
    wire = Wire().up()
    wire.took(wire.session.log_out(wire.now, "good night"))
    assert text(wire.got[0]) == "good night"
    assert wire.peer("5").effects == [Disconnect("logged out")]


def test_our_logout_does_not_wait_for_ever() -> None:
    wire = Wire().up()
    wire.session.log_out(wire.now)
    assert wire.tick(1.9).effects == []
    assert wire.tick(0.1).effects == [Disconnect("no Logout came")]


def test_a_logout_before_the_logon_was_answered_only_disconnects() -> None:
    wire = Wire(Role.INITIATOR).connect()
    assert isinstance(wire.session.log_out(wire.now)[0], Disconnect)


def test_orders_that_cross_our_logout_are_still_delivered() -> None:
    wire = Wire().up()
    wire.session.log_out(wire.now)
    assert len(wire.order().effects) == 1


def test_nothing_is_received_without_a_connection() -> None:
    wire = Wire().up()
    wire.session.disconnected()
    assert wire.order().effects == []
    assert wire.tick(1000).effects == []
    assert wire.session.numbers == (2, 2)


def test_what_is_sent_without_a_session_is_numbered_and_kept_but_not_written() -> None:
    wire = Wire(next_out=5)
    [effect] = wire.send().effects
    assert isinstance(effect, Send)
    assert (effect.seq, effect.keep, effect.write) == (5, True, False)
    [answer] = wire.up().got
    assert answer.seq == 6
    assert decode(effect.frame).get(tags.Symbol) == b"AAPL"
