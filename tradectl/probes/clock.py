"""Market time, looked at or set once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.contracts.times import from_rfc3339
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http

PAUSED = "paused"
REFUSED = 409
BACK = "what was before comes back by `tradectl snapshot load`"


@dataclass(frozen=True)
class MarketTime:
    """``now`` and ``until``, the moment at which it will stand, in microseconds since 1970 UTC."""

    now: int
    speed: float
    mode: str
    until: int | None = None

    @property
    def stands(self) -> bool:
        """Whether it does now."""
        return self.mode == PAUSED


def market_time(clock: str, change: Mapping[str, Any] | None = None) -> MarketTime:
    """How it is at ``http://HOST:PORT``, after a change where one is given; TradectlError when that is refused."""
    try:
        answer = http.request("GET" if change is None else "PUT", f"{clock}/clock", body=change)
        page = answer.json()
    except http.UnreachableError as error:
        raise TradectlError(f"no answer: {error}", "`tradectl ps` says how it is", ExitCode.NOT_UP) from error
    if answer.status == REFUSED:
        hint = BACK if change and change.get("until") else ""
        raise TradectlError(str(page.get("detail", "")), hint, ExitCode.BAD_INPUT)
    if answer.status != 200:
        hint = "`tradectl ps` says how it is; `tradectl clock show` asks again"
        raise TradectlError(f"the clock answered {answer.status}", hint, ExitCode.NOT_UP)
    until = page.get("until")
    return MarketTime(from_rfc3339(page["now"]), page["speed"], page["mode"], until and from_rfc3339(until))
