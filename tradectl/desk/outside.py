"""The sandbox around the platform, looked at from the desk: its clock, feeds, parts, FIX and faults."""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from tradectl.desk.failures import Failed, Refused
from tradectl.desk.wire import Wire

T = TypeVar("T")
LINES = 30
"""FIX messages that are shown."""
KEY = "x-internal-key"


class Clock(Struct, frozen=True):
    """``speed`` in market seconds a second; ``mode`` is running, paused, …"""

    now: datetime
    speed: float
    mode: str


class Feed(Struct, frozen=True):
    """Where a symbol's prices come from; ``lag`` behind the clock in microseconds."""

    symbol: str
    kind: str
    time: datetime
    lag: int


class Readiness(Struct, frozen=True):
    """A part's own word on itself; each check is ok, or says what is missing."""

    status: str = "ready"
    checks: dict[str, str] = {}


class FixLine(Struct, frozen=True):
    """A message as people read FIX."""

    session: str
    number: int
    text: str


class Broken(Struct, frozen=True):
    """A fault that lasts until a wall time in microseconds; ``part`` is told by who asked."""

    id: str
    kind: str
    parameters: dict[str, Any]
    until: int
    part: str = ""


@dataclass(frozen=True)
class Part:
    """``milliseconds`` is how long its readiness took; ``status`` is down where it does not answer."""

    name: str
    status: str
    milliseconds: float
    missing: str = ""


@dataclass(frozen=True)
class Facts:
    """One look at all of it; None and empty where nobody answered."""

    clock: Clock | None = None
    feeds: list[Feed] = field(default_factory=list)
    parts: list[Part] = field(default_factory=list)
    fix: list[FixLine] = field(default_factory=list)
    faults: list[Broken] = field(default_factory=list)


class Outside:
    """``endpoints`` are the sandbox's; its key opens the internal pages."""

    def __init__(self, wire: Wire, endpoints: Mapping[str, str], key: str) -> None:
        self._wire = wire
        self._endpoints = endpoints
        self._key = key

    async def look(self) -> Facts:
        """All at once, without who does not answer."""
        doors = {name.removesuffix(".http"): url for name, url in self._endpoints.items() if name.endswith(".http")}
        clock, feeds, fix, parts, faults = await asyncio.gather(
            self._page("clock.http", "/clock", Clock),
            self._list("venue.http", "/feeds", Feed),
            self._list("broker.http", f"/internal/fix?limit={LINES}", FixLine),
            asyncio.gather(*(self._part(name, url) for name, url in sorted(doors.items()))),
            asyncio.gather(*(self._list(f"{name}.http", "/internal/faults", Broken) for name in sorted(doors))),
        )
        named = zip(sorted(doors), faults, strict=True)
        broken = [msgspec.structs.replace(fault, part=name) for name, some in named for fault in some]
        return Facts(clock, feeds, list(parts), fix, broken)

    async def set_clock(self, change: dict[str, Any]) -> None:
        """``{"mode": "paused"}``, or ``{"mode": "running", "speed": 10}``; Refused in its words."""
        await self._ask("PUT", f"{self._endpoints['clock.http']}/clock", change)

    async def clear_faults(self, faults: list[Broken]) -> None:
        """End them before their time."""
        for fault in faults:
            await self._ask("DELETE", f"{self._endpoints[f'{fault.part}.http']}/internal/faults?id={fault.id}")

    async def _part(self, name: str, url: str) -> Part:
        began = time.monotonic()
        try:
            answer = await self._wire.send("GET", f"{url}/ready", {}, None)
        except Failed:
            return Part(name, "down", 0.0)
        took = (time.monotonic() - began) * 1_000
        try:
            said = msgspec.json.decode(answer.body, type=Readiness)
        except msgspec.MsgspecError:  # a simulator without a page of readiness answers, and that is all it says
            return Part(name, "ready", took)
        missing = "; ".join(f"{check}: {what}" for check, what in said.checks.items() if what != "ok")
        return Part(name, said.status, took, missing)

    async def _list(self, endpoint: str, path: str, kind: type[T]) -> list[T]:
        page = await self._page(endpoint, path, dict[str, list[kind]])  # type: ignore[valid-type]
        return page.get("items", []) if page else []

    async def _page(self, endpoint: str, path: str, kind: type[T]) -> T | None:
        if endpoint not in self._endpoints:
            return None
        try:
            return msgspec.json.decode(await self._ask("GET", f"{self._endpoints[endpoint]}{path}"), type=kind)
        except (Failed, msgspec.MsgspecError):
            return None

    async def _ask(self, method: str, url: str, body: dict[str, Any] | None = None) -> bytes:
        headers = {KEY: self._key, "Content-Type": "application/json"}
        answer = await self._wire.send(method, url, headers, None if body is None else msgspec.json.encode(body))
        if answer.status >= 400:
            raise Refused(answer.status, "", answer.body.decode(errors="replace")[:200])
        return answer.body
