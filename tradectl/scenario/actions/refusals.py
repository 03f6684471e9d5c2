"""A step that is to be refused, or not."""

from collections.abc import Callable
from typing import Any

from tradectl.scenario.failures import Unmet
from tradectl.scenario.matching import Mismatch
from tradectl.trader.failures import Refused


def tried(action: Callable[[], Any], code: str | None, what: str) -> tuple[Any, bool]:
    """The action's answer, and whether it was done; of one that was refused as it should be, the refusal.

    Unmet when it was refused with another code, or not at all.
    """
    try:
        answer = action()
    except Refused as error:
        if code is None:
            raise
        if error.code != code:
            raise Unmet(what, [Mismatch("refusal", code, f"{error.status} {error.code}")]) from error
        return {"code": error.code, "status": error.status}, False
    if code is not None:
        raise Unmet(what, [Mismatch("refusal", code, "it was accepted")])
    return answer, True
