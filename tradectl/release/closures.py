"""When an environment takes no release: while it is frozen, and outside its windows.

environments/ENV/frozen.yaml            by whom, why, until when; `tradectl deploy freeze` writes it
environments/ENV/windows.yaml           hours of the week in which releases may come; its operators' own
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from tradectl.errors import ExitCode, TradectlError
from tradectl.release.environments import HEAD, Environments
from tradectl.release.evidence import moment

FROZEN, WINDOWS = "frozen.yaml", "windows.yaml"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Hour = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
"""Such as 08:00."""


class Freeze(msgspec.Struct, frozen=True, kw_only=True):
    """No release for a while; ``until`` is RFC 3339, or empty until somebody thaws it."""

    by: str
    why: str
    until: str = ""

    def holds(self, now: datetime) -> bool:
        return not self.until or now < moment(self.until)


class Window(msgspec.Struct, frozen=True, kw_only=True, rename={"opens": "from", "closes": "to"}):
    """Hours of some days, such as mon to thu from 08:00 to 17:00 in Europe/Moscow; ``closes`` is not in it."""

    days: list[Day]
    opens: Hour
    closes: Hour
    zone: str = "UTC"

    def holds(self, now: datetime) -> bool:
        there = now.astimezone(ZoneInfo(self.zone))
        return DAYS[there.weekday()] in self.days and self.opens <= f"{there:%H:%M}" < self.closes

    def __str__(self) -> str:
        return f"{', '.join(self.days)} {self.opens}-{self.closes} {self.zone}"


@dataclass(frozen=True)
class Closures:
    """Of one environment; without windows it is always open."""

    environment: str
    freeze: Freeze | None = None
    windows: tuple[Window, ...] = ()

    def why(self, now: datetime) -> list[str]:
        """Why no release may come now, in words."""
        said = []
        if self.freeze is not None and self.freeze.holds(now):
            until = f" until {self.freeze.until}" if self.freeze.until else ""
            said.append(f"{self.environment} is frozen by {self.freeze.by}{until}: {self.freeze.why}")
        if self.windows and not any(each.holds(now) for each in self.windows):
            hours = "; ".join(map(str, self.windows))
            said.append(f"{self.environment} takes releases {hours}, and it is {now:%a %H:%M} UTC")
        return said


def closures(environments: Environments, environment: str) -> Closures:
    """What its files say; TradectlError for a file that says nothing that can be held."""
    folder = environments.folder(environment)
    freeze = folder / FROZEN
    windows = folder / WINDOWS
    try:
        frozen = msgspec.yaml.decode(freeze.read_bytes(), type=Freeze) if freeze.exists() else None
        hours = msgspec.yaml.decode(windows.read_bytes(), type=list[Window]) if windows.exists() else []
        for each in hours:
            ZoneInfo(each.zone)
    except (msgspec.DecodeError, ZoneInfoNotFoundError) as error:
        hint = "mend the file in the environments repository"
        raise TradectlError(f"environments/{environment}: {error}", hint, ExitCode.BAD_INPUT) from error
    return Closures(environment, frozen, tuple(hours))


def freeze(environments: Environments, environment: str, why: str, until: str) -> Freeze:
    """Have an environment take no release; one that was frozen before stays so by the newer word."""
    _check(until)
    by = environments.repository.run("config", "user.name")
    made = Freeze(by=by, why=why, until=until)
    path = environments.folder(environment) / FROZEN
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(HEAD + msgspec.yaml.encode(made))
    environments.publish(f"freeze: {environment}\n\n{why}", path)
    return made


def thaw(environments: Environments, environment: str, why: str) -> Freeze:
    """Have it take releases again; what was over with it. TradectlError where it is not frozen."""
    there = closures(environments, environment).freeze
    if there is None:
        raise TradectlError(f"{environment} is not frozen", "", ExitCode.NOT_FOUND)
    path = environments.folder(environment) / FROZEN
    path.unlink()
    environments.publish(f"thaw: {environment}\n\n{why}".strip(), path)
    return there


def _check(until: str) -> None:
    try:
        if until and moment(until).tzinfo is None:
            raise ValueError(until)
    except ValueError as error:
        raise TradectlError(f"{until} is no moment", "as 2026-12-31T18:00:00Z", ExitCode.USAGE) from error
