import pytest

from services.kernel import breaker
from services.kernel.breaker import Breaker


class Time:
    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    fake = Time()
    monkeypatch.setattr(breaker, "time", fake)
    return fake


def opened() -> Breaker:
    subject = Breaker(failures=3, pause=2.0)
    for _ in range(3):
        assert subject.admits()
        subject.failed()
    return subject


def test_it_opens_after_so_many_failures_in_a_row(time: Time) -> None:
    subject = opened()
    assert subject.open
    assert not subject.admits()
    time.now += 2.0
    assert not subject.open


def test_a_success_between_them_begins_the_count_anew(time: Time) -> None:
    subject = Breaker(failures=3)
    for _ in range(10):
        subject.failed()
        subject.failed()
        subject.succeeded()
    assert subject.admits()


def test_after_the_pause_one_call_is_let_through_and_its_failure_closes_the_door_again(time: Time) -> None:
    subject = opened()
    time.now += 2.0
    assert subject.admits()
    assert not subject.admits()
    subject.failed()
    time.now += 1.9
    assert not subject.admits()


def test_when_that_call_succeeds_all_are_let_through(time: Time) -> None:
    subject = opened()
    time.now += 2.0
    assert subject.admits()
    subject.succeeded()
    assert subject.admits()
    assert subject.admits()
