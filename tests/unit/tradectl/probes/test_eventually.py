"""The tool's one loop that waits."""

from collections.abc import Iterator

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.eventually import eventually


def test_the_first_answer_that_is_not_none_is_returned() -> None:
    answers: Iterator[int | None] = iter([None, None, 0])
    assert eventually(lambda: next(answers), 5, what="an answer", every=0) == 0


def test_what_was_waited_for_is_named_when_the_time_is_over() -> None:
    with pytest.raises(TradectlError, match="a bus: not within 0 s") as caught:
        eventually(lambda: None, 0, what="a bus", hint="walk")
    assert caught.value.exit_code is ExitCode.TIMEOUT
    assert caught.value.hint == "walk"
