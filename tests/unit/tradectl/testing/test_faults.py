"""How a test's fault ends."""

from pathlib import Path

import pytest

from services.contracts.faults import Fault
from tradectl.errors import ExitCode, TradectlError
from tradectl.fault import run
from tradectl.stack.state import Sandbox
from tradectl.testing.faults import Broken

SANDBOX = Sandbox("default", Path("nowhere"))


def fault(id: str) -> Fault:
    return Fault(id=id, kind="fix.gap", part="broker", parameters={}, seed=1, began=0, until=1)


def ending(monkeypatch: pytest.MonkeyPatch, code: ExitCode | None) -> list[str | None]:
    """The ids that are asked for from now on; each is refused with the code."""
    asked = list[str | None]()

    def clear(_: Sandbox, id: str | None = None) -> list[Fault]:
        asked.append(id)
        if code is not None:
            raise TradectlError("it was refused", exit_code=code)
        return []

    monkeypatch.setattr(run, "clear", clear)
    return asked


@pytest.mark.parametrize("code", [None, ExitCode.NOT_FOUND])
def test_leaving_it_ends_it_in_each_part_also_where_it_is_over(
    monkeypatch: pytest.MonkeyPatch, code: ExitCode | None
) -> None:
    asked = ending(monkeypatch, code)
    with Broken(SANDBOX, (fault("a"), fault("b"))):
        assert asked == []
    assert asked == ["a", "b"]


def test_a_part_that_does_not_answer_is_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    ending(monkeypatch, ExitCode.NOT_UP)
    with pytest.raises(TradectlError):
        Broken(SANDBOX, (fault("a"),)).clear()


def test_it_lasts_while_one_of_its_parts_suffers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, standing = Broken(SANDBOX, (fault("a"), fault("b"))), [fault("b"), fault("c")]
    monkeypatch.setattr(run, "active", lambda _: standing)
    assert broken.lasts
    standing.pop(0)
    assert not broken.lasts
