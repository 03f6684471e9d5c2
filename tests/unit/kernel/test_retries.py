"""Events that are tried again."""

import pytest

from services.kernel import retries
from services.kernel.broker import Delivery
from services.kernel.retries import MOST, TRIES, Retries
from tests.envelopes import envelope


class Time:
    """A clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    time = Time()
    monkeypatch.setattr(retries, "time", time)
    return time


def test_each_delay_is_twice_the_one_before_until_there_were_enough_tries(time: Time) -> None:
    planned, delivery = Retries(), Delivery(1, envelope("topic"))
    delays = []
    while planned.again(delivery):
        delay = planned.until_next()
        assert delay is not None
        delays.append(round(delay, 6))
        time.now += delay
    assert delays == [0.1, 0.2, 0.4, 0.8]
    assert len(delays) == TRIES - 1


def test_an_event_is_due_when_its_time_has_come(time: Time) -> None:
    planned, delivery = Retries(), Delivery(1, envelope("topic"))
    planned.again(delivery)
    assert planned.due() == []
    assert planned.planned(delivery.envelope.id)
    time.now += 0.1
    assert planned.due() == [delivery]
    planned.forget(delivery)
    assert (planned.due(), planned.until_next()) == ([], None)


def test_the_count_outlives_a_redelivery(time: Time) -> None:
    planned, delivery = Retries(), Delivery(1, envelope("topic"))
    for _ in range(TRIES - 1):
        assert planned.again(delivery)
    planned.forget_dates()
    time.now += 10
    assert planned.due() == []
    assert not planned.planned(delivery.envelope.id)
    assert not planned.again(Delivery(2, delivery.envelope))


def test_there_is_room_for_so_many_and_no_more(time: Time) -> None:
    planned = Retries()
    assert planned.room == MOST
    for number in range(MOST):
        planned.again(Delivery(number, envelope("topic")))
    assert planned.room == 0
