"""What was asked, as the story of a failure tells it."""

from tradectl.scenario.timeline import calm
from tradectl.trader.client import Exchange


def entry(who: str, path: str, began: float, status: int = 200) -> tuple[str, Exchange]:
    return who, Exchange("GET", path, status, began, 0.001)


def test_what_was_asked_again_and_again_is_told_by_its_first_time_and_its_last() -> None:
    polls = [entry("ann", "/orders/1", float(moment)) for moment in range(1, 9)]
    journal = [entry("ann", "/me", 0.0), *polls, entry("ann", "/me", 9.0)]
    assert [each.began for _, each in calm(journal)] == [0.0, 1.0, 8.0, 9.0]


def test_another_user_or_another_answer_is_told() -> None:
    journal = [entry("ann", "/a", 1.0), entry("bob", "/a", 2.0), entry("bob", "/a", 3.0, status=504)]
    assert list(calm(journal)) == journal
