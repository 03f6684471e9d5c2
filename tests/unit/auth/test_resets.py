"""Until when a code may be tried."""

import pytest

from services.auth.domain.resets import Reset

RESET = Reset(digest="d", sent=0, expires=100, attempts=2)


@pytest.mark.parametrize(("at", "attempts", "may"), [(99, 3, True), (100, 3, False), (99, 2, False)])
def test_a_code_is_looked_at_while_it_lives_and_has_tries_left(at: int, attempts: int, may: bool) -> None:
    assert RESET.may_be_tried(at, attempts) == may
