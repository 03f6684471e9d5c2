"""What a failure says, and where it points."""

import pytest

from tradectl.errors import TradectlError
from tradectl.scenario.model.orders import Cancel
from tradectl.testing.telling import next_of, sections, told
from tradectl.trader.failures import Failed


@told
def asked(what: str) -> str:
    if what == "down":
        raise TradectlError("it is not up", "tradectl up")
    if what == "no":
        raise Failed("it is not so")
    if what == "words":
        Cancel.model_validate({"order": 5, "status": "done"})
    return what


@told
def asked_by_another(what: str) -> str:
    return asked(what)


def depth(error: BaseException) -> int:
    """Frames of the traceback."""
    frames, tb = 0, error.__traceback__
    while tb is not None:
        frames, tb = frames + 1, tb.tb_next
    return frames


def test_what_succeeds_is_passed_on() -> None:
    assert asked("yes") == "yes"


@pytest.mark.parametrize("ask", [asked, asked_by_another])
def test_the_next_step_is_told_once(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(TradectlError, match="it is not up") as caught:
        ask("down")
    assert caught.value.__notes__ == ["mend: tradectl up"]


@pytest.mark.parametrize("ask", [asked, asked_by_another])
def test_the_traceback_ends_at_the_line_that_asked(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(Failed) as caught:
        ask("no")
    assert depth(caught.value) == 2, "the test's own, and the one that pytest hides"
    assert caught.value.__cause__ is None


def test_words_that_no_step_knows_are_named() -> None:
    with pytest.raises(Failed, match=r"order: .* string; status: .*'done' is not one of"):
        asked("words")


def test_the_way_to_look_into_it_has_the_options_of_the_run() -> None:
    steps = next_of("test_a.py::test_b[x y]", None, ["--backend", "embedded", "--seed", "7"])
    assert steps[0] == "tradectl up --name look --backend embedded --seed 7"
    assert steps[1] == "pytest 'test_a.py::test_b[x y]' --tradectl-sandbox look"
    assert steps[-1] == "tradectl down --name look"


def test_a_sandbox_that_stays_up_is_looked_into_at_once() -> None:
    (step,) = next_of("test_a.py::test_b", "mine", [])
    assert step.startswith("tradectl logs --name mine")


def test_without_users_there_is_nothing_but_the_next_step() -> None:
    assert sections("call", None, ["a", "b"]) == [("tradectl: next", "a\nb")]
