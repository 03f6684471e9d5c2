"""The market's clock in a test's hands."""

from datetime import datetime, time, timedelta

from services.contracts.times import EPOCH
from tradectl.errors import ExitCode, TradectlError
from tradectl.hold.going import go, length, moment_of
from tradectl.probes.clock import MarketTime, market_time
from tradectl.probes.eventually import eventually
from tradectl.testing.telling import told

WITHIN = 60.0
"""Seconds of wall time for a step or a seek."""
BACK_WITHIN = 30.0
"""Seconds for a clock that does not answer just now."""


class Clock:
    """``url`` is the clock's address."""

    def __init__(self, url: str) -> None:
        self.url = url

    @property
    def state(self) -> MarketTime:
        """Market time in microseconds since 1970 UTC, its speed, and whether it stands."""
        return market_time(self.url)

    @property
    def now(self) -> datetime:
        """Market time, in UTC."""
        return at(self.state.now)

    @told
    def speed(self, times: float) -> None:
        """So many market seconds a second from now on."""
        market_time(self.url, {"mode": "running", "speed": times})

    @told
    def pause(self) -> None:
        """Stop market time."""
        market_time(self.url, {"mode": "paused"})

    @told
    def live(self) -> None:
        """Let it run, second by second."""
        market_time(self.url, {"mode": "running", "speed": 1})

    @told
    def step(self, duration: str | timedelta, *, within: float = WITHIN) -> datetime:
        """Go on by ``5m`` or a timedelta, through what lies between, and stand there; where that is."""
        return self._go(self.state.now + microseconds(duration), within)

    @told
    def seek(self, moment: str | datetime | time, *, within: float = WITHIN) -> datetime:
        """Go on to RFC 3339, or to ``15:00`` of the market's day, and stand there; where that is. Never back."""
        text = moment if isinstance(moment, str) else moment.isoformat()
        return self._go(moment_of(text, self.state.now), within)

    def _go(self, moment: int, within: float) -> datetime:
        try:
            return at(go(self.url, moment, timeout=within).now)
        except TradectlError as error:
            if error.exit_code is ExitCode.TIMEOUT:
                error.hint = "`within=` gives it longer"
            raise

    @told
    def restore(self, before: MarketTime) -> None:
        """Have it go as it did; a clock that is just coming back is waited for."""

        def done() -> MarketTime | None:
            try:
                return market_time(self.url, pace_of(before))
            except TradectlError as error:
                if error.exit_code is not ExitCode.NOT_UP:
                    raise
                return None

        eventually(done, BACK_WITHIN, what="the clock", hint="`tradectl ps` says how it is")


def at(moment: int) -> datetime:
    """Microseconds since 1970 UTC as a time."""
    return EPOCH + timedelta(microseconds=moment)


def microseconds(duration: str | timedelta) -> int:
    """Of ``1h30m`` or a timedelta; TradectlError for what is no duration, or goes back."""
    if isinstance(duration, str):
        return length(duration)
    if duration <= timedelta(0):
        raise TradectlError(f"{duration} leads nowhere", "a timedelta above zero", ExitCode.BAD_INPUT)
    return duration // timedelta(microseconds=1)


def pace_of(state: MarketTime) -> dict[str, object]:
    """What the clock is told so that it goes like that."""
    if state.stands:
        return {"mode": "paused"}
    return {"mode": "running", "speed": state.speed}
