"""A refusal is what was wanted, or it is not."""

from typing import Any

import pytest

from tradectl.scenario.actions.refusals import tried
from tradectl.scenario.failures import Unmet
from tradectl.trader.failures import Refused


def refusing() -> Any:
    raise Refused("POST /orders answered 422 off_tick", 422, "off_tick")


def test_the_refusal_that_was_wanted_is_the_result() -> None:
    assert tried(refusing, "off_tick", "buy") == ({"code": "off_tick", "status": 422}, False)


def test_another_refusal_or_none_is_unmet() -> None:
    with pytest.raises(Unmet, match="expected 'off_lot', found '422 off_tick'"):
        tried(refusing, "off_lot", "buy")
    with pytest.raises(Unmet, match="it was accepted"):
        tried(dict, "off_lot", "buy")


def test_what_should_be_done_and_is_refused_fails_as_it_is() -> None:
    with pytest.raises(Refused):
        tried(refusing, None, "buy")
    assert tried(lambda: {"id": "1"}, None, "buy") == ({"id": "1"}, True)
