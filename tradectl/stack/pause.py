"""Market time that the tool has stopped: how it went before is kept with the sandbox until it goes so again."""

from dataclasses import asdict, dataclass
from typing import Any

from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.stack.state import Sandbox, read_json, write_json

PAUSED = "paused"


@dataclass(frozen=True)
class Pace:
    """How market time goes when nobody holds it."""

    mode: str
    speed: float
    until: str | None = None
    """Where it was to stand."""

    def body(self) -> dict[str, Any]:
        """As the clock takes it: what drives has no speed."""
        said = {name: value for name, value in asdict(self).items() if value is not None}
        return {name: said[name] for name in said if name != "speed" or self.mode != "driven"}


def known(sandbox: Sandbox) -> Pace | None:
    """How market time should go on; None while nobody holds it."""
    return Pace(**read_json(sandbox.pace)) if sandbox.pace.exists() else None


def keep(sandbox: Sandbox, pace: Pace | None) -> None:
    """Have the next start let it go on so; None: as the market itself remembers."""
    if pace is None:
        sandbox.pace.unlink(missing_ok=True)
    else:
        write_json(sandbox.pace, asdict(pace))


def hold(sandbox: Sandbox, clock: str) -> str:
    """Stop market time; where it stands. What was noted before a save that was cut off still holds."""
    page = _ask("GET", clock)
    if page["mode"] != PAUSED:
        keep(sandbox, Pace(page["mode"], page["speed"], page["until"]))
        page = _ask("PUT", clock, {"mode": PAUSED})
    return str(page["now"])


def stop(sandbox: Sandbox, clock: str) -> None:
    """Stop market time for good: somebody asked for it."""
    _ask("PUT", clock, {"mode": PAUSED})
    keep(sandbox, None)


def release(sandbox: Sandbox, clock: str) -> None:
    """Let it go on as it did."""
    pace = known(sandbox)
    if pace is not None:
        _ask("PUT", clock, pace.body())
        keep(sandbox, None)


def _ask(method: str, clock: str, body: dict[str, Any] | None = None) -> Any:
    try:
        answer = http.request(method, f"{clock}/clock", body=body)
        if answer.status == 200:
            return answer.json()
        said = f"the clock answered {answer.status}"
    except http.UnreachableError as error:
        said = f"no answer: {error}"
    raise TradectlError(said, "`tradectl ps` says how it is; `tradectl clock show` asks again", ExitCode.NOT_UP)
