"""Held runs: waits go through the hold, one at a time, and every round must come to the same digest."""

from collections.abc import Callable
from typing import Any, cast

import pytest

from tradectl.errors import TradectlError
from tradectl.hold.hold import Hold
from tradectl.scenario.outcome import Outcome
from tradectl.scenario.pace import Held
from tradectl.scenario.suite import unlike
from tradectl.trader.failures import Failed


class Standing:
    """A hold whose market time never meets anything but at once."""

    def until(self, probe: Callable[[], Any], market: int, wall: float, *, what: str) -> Any:
        answer = probe()
        if answer is None:
            raise TradectlError(f"{what}: not within {wall:g} s")
        return answer


def outcome(number: int, digest: str, seed: int = 1) -> Outcome:
    made = Outcome("market/one", "one.yaml", "It should be the same.", [], number, seed, "embedded")
    made.digest = digest
    return made


def test_what_market_time_meets_is_the_answer() -> None:
    assert Held(cast(Hold, Standing())).until(lambda: 7, "a seven", 1.0) == 7


def test_what_it_does_not_meet_fails_by_its_name() -> None:
    with pytest.raises(Failed, match="a seven: not within 1 s"):
        Held(cast(Hold, Standing())).until(lambda: None, "a seven", 1.0)


def test_a_round_with_another_digest_than_the_first_has_failed() -> None:
    rounds = [outcome(1, "aa"), outcome(2, "aa"), outcome(3, "bb"), outcome(4, "cc", seed=2), outcome(5, "")]
    unlike(rounds)
    assert [each.status for each in rounds] == ["held", "held", "failed", "held", "held"]
    assert rounds[2].why == "its digest is bb, that of round 1 is aa"
