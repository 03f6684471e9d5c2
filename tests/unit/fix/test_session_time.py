"""Heartbeats and silence."""

from services.fix import tags
from services.fix.session.effects import Disconnect
from tests.unit.fix.wire import Wire


def test_a_heartbeat_leaves_when_nothing_else_did_for_the_interval() -> None:
    wire = Wire().up(heart_bt_int=10)
    assert wire.tick(9.9).kinds() == ""
    assert wire.tick(0.1).kinds() == "0"
    wire.peer("0")
    wire.tick(5).send()
    assert wire.tick(5).kinds() == ""
    wire.peer("0")
    assert wire.tick(5).kinds() == "0"


def test_silence_is_tested_and_an_answer_ends_the_test() -> None:
    wire = Wire().up(heart_bt_int=10)
    wire.tick(10)
    assert wire.tick(2).kinds() == "1"
    assert wire.got[0].get(tags.TestReqID) == b"TEST"
    wire.peer("0", (112, "TEST"))
    assert wire.tick(9.9).kinds() == ""


def test_a_silent_peer_is_disconnected() -> None:
    wire = Wire().up(heart_bt_int=10)
    wire.tick(12)
    assert wire.tick(11.9).effects == []
    assert wire.tick(0.1).effects == [Disconnect("the peer is silent")]


def test_an_interval_of_zero_means_no_heartbeats_and_no_tests() -> None:
    wire = Wire().up(heart_bt_int=0)
    assert wire.tick(10_000).effects == []


def test_a_test_request_is_answered_with_its_own_id() -> None:
    wire = Wire().up().peer("1", (112, "are you there?"))
    assert (wire.kinds(), wire.got[0].get(tags.TestReqID)) == ("0", b"are you there?")
