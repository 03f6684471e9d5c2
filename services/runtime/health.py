"""Liveness and readiness: a process that runs, and one that has what it needs."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Literal, TypedDict

Check = Callable[[], Awaitable[str | None]]
"""None when the condition is met, else a few words that say what is missing."""
CHECK_TIMEOUT = 1.0
"""Seconds."""


class Readiness(TypedDict):
    """``starting`` until everything that a start needs was met once; ``degraded`` when something is missing since."""

    status: Literal["ready", "degraded", "starting"]
    service: str
    checks: dict[str, str]


class Health:
    """The conditions of one part. It serves without those that are not essential, and says so.

    Without those that are ``dispensable`` it is even as good as started.
    """

    def __init__(
        self,
        service: str,
        checks: Mapping[str, Check],
        essential: frozenset[str] = frozenset(),
        dispensable: frozenset[str] = frozenset(),
    ) -> None:
        self.service = service
        self.checks = checks
        self.essential = essential
        self.dispensable = dispensable
        self.started = False

    async def unmet(self) -> dict[str, str]:
        """What is missing, by the condition's name; all are asked side by side."""
        answers = await asyncio.gather(*(ask(check) for check in self.checks.values()))
        unmet = {name: answer for name, answer in zip(self.checks, answers, strict=True) if answer}
        self.started = self.started or not unmet.keys() - self.dispensable
        return unmet

    async def page(self) -> tuple[int, Readiness]:
        """HTTP status and body of /ready: 503 while starting or without something essential."""
        unmet = await self.unmet()
        checks = {name: unmet.get(name, "ok") for name in self.checks}
        if not self.started:
            return 503, Readiness(status="starting", service=self.service, checks=checks)
        if unmet:
            status = 503 if self.essential & unmet.keys() else 200
            return status, Readiness(status="degraded", service=self.service, checks=checks)
        return 200, Readiness(status="ready", service=self.service, checks=checks)


async def ask(check: Check) -> str | None:
    """The check's answer; an error or silence is an answer too."""
    try:
        async with asyncio.timeout(CHECK_TIMEOUT):
            return await check()
    except TimeoutError:
        return f"no answer within {CHECK_TIMEOUT:g} s"
    except Exception as error:  # noqa: BLE001 (whatever a check raises says why it is not met)
        return str(error) or type(error).__name__
