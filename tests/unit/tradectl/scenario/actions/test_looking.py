"""When a look is enough: a thing that fits, one item of a list, or as many as were counted."""

from types import SimpleNamespace
from typing import Any, cast

import pytest
from pydantic import ValidationError

from tradectl.scenario.actions import looking
from tradectl.scenario.actions.looking import judged
from tradectl.scenario.model.looking import Condition, Wait
from tradectl.scenario.pace import Free
from tradectl.scenario.stage import Stage

MAILS = [{"subject": "Welcome", "id": 1}, {"subject": "Buy AAPL: filled", "id": 2}, {"subject": "Buy AAPL: filled"}]


def verdict(content: Any, **words: Any) -> tuple[list[str], Any]:
    wrong, chosen = judged(Condition.model_validate(words), content)
    return [str(each) for each in wrong], chosen


def test_a_thing_fits_when_every_check_holds() -> None:
    assert verdict({"total": "5.00", "free": "4"}, cash="USD", **{"is": {"total": 5, "free": {"lt": 5}}})[0] == []


def test_one_item_of_a_list_is_enough_and_is_the_result() -> None:
    assert verdict(MAILS, mail="ann", **{"is": {"subject": {"matches": "filled$"}}}) == ([], MAILS[1])


@pytest.mark.parametrize(("count", "wrong"), [(2, []), ("2", []), (1, ["count: expected '1', found 2"])])
def test_as_many_must_fit_as_were_counted(count: Any, wrong: list[str]) -> None:
    assert verdict(MAILS, mail="ann", count=count, **{"is": {"subject": {"contains": "AAPL"}}})[0] == wrong


def test_of_a_list_without_a_fitting_item_the_nearest_one_is_told() -> None:
    checks = {"id": 2, "subject": "Buy IBM: filled"}
    assert verdict(MAILS, mail="ann", **{"is": checks})[0] == [
        "subject: expected 'Buy IBM: filled', found 'Buy AAPL: filled'"
    ]


def test_an_empty_list_has_no_fitting_item() -> None:
    assert verdict([], mail="ann")[0] == ["items: expected 'at least one', found 0"]


def test_what_is_no_list_cannot_be_counted() -> None:
    with pytest.raises(ValidationError, match="count is for"):
        Condition.model_validate({"cash": "USD", "count": 1})


class Moving:
    """A market whose spread is another one at each look, and a clock that keeps what it was told."""

    def __init__(self, *spreads: int) -> None:
        self.spreads = iter(spreads)
        self.told: list[Any] = []

    def look(self, *_: Any) -> dict[str, int]:
        return {"spread": next(self.spreads)}

    def clock(self, change: Any = None) -> dict[str, float]:
        self.told += [change["mode"]] if change else []
        return {"speed": 4}


@pytest.mark.parametrize(
    ("spreads", "told"),
    [
        ([1, 2, 2], ["paused"]),
        ([1, 2, 1, 1, 3, 3], ["paused", "running", "paused"]),
    ],
)
def test_market_time_stands_only_where_it_is_still_so(
    monkeypatch: pytest.MonkeyPatch, spreads: list[int], told: list[str]
) -> None:
    market = Moving(*spreads)
    monkeypatch.setattr(looking, "look", market.look)
    monkeypatch.setattr(looking, "await_settled", lambda _: None)
    stage = SimpleNamespace(pace=Free(), target=SimpleNamespace(clock=market.clock, sources=lambda: None))
    condition = Condition.model_validate({"page": "/quotes/AAPL", "is": {"spread": {"ge": 2}}})
    assert looking.standing(cast(Stage, stage), condition, 5)["spread"] >= 2
    assert market.told == told
    assert list(market.spreads) == []


def test_only_a_condition_can_stop_market_time() -> None:
    with pytest.raises(ValidationError, match="pause goes with until"):
        Wait.model_validate({"settled": True, "pause": True})
