"""What a report is made of: each piece by the name of its file, made when it is written."""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from services.contracts.manifest import ServiceManifest
from tradectl.audit.report import audit
from tradectl.audit.snapshot import Snapshot, Sources, answered
from tradectl.doctor import examine
from tradectl.errors import ExitCode, TradectlError
from tradectl.export.masking import passwords_of_urls, strings
from tradectl.export.versions import versions
from tradectl.probes import http
from tradectl.stack.backends.backend import Backend
from tradectl.stack.backends.choice import backend_of
from tradectl.stack.containers.passwords import FILE as PASSWORDS
from tradectl.stack.logs import Filter, logs_in, merged
from tradectl.stack.state import Sandbox, read_json
from tradectl.stack.status import status
from tradectl.stack.topology import platform
from tradectl.telemetry.traces import last, told

Make = Callable[[], object]
"""Text, or a JSON document."""
FILES = ("settings", "ports", "server_ports", "children", "desired", "infrastructure", "pace", "change")
"""Documents of a sandbox that are its configuration."""
ROWS = 200
"""Of each table, the last ones."""
MESSAGES = 2_000
"""FIX messages of each side."""
MAILS = 200
TRACES = 1_000
PREFIX = "TRADECTL_"


@dataclass(frozen=True)
class Report:
    """One sandbox, up or not; ``lines`` of each log. A quick one leaves out what reads every row."""

    sandbox: Sandbox
    lines: int
    quick: bool = False

    @cached_property
    def backend(self) -> Backend:
        return backend_of(self.sandbox)

    @cached_property
    def endpoints(self) -> dict[str, str]:
        """TradectlError when the sandbox is not up."""
        return self.backend.endpoints()

    @cached_property
    def sources(self) -> Sources:
        return Sources.of(self.endpoints, self.sandbox.keys(), self.sandbox.losses)

    @cached_property
    def snapshot(self) -> Snapshot:
        return self.sources.read()

    def secrets(self) -> Iterator[str]:
        """Every value that opens something here."""
        for path in (self.sandbox.secrets, self.sandbox.root / PASSWORDS):
            if path.exists():
                yield from strings(read_json(path))
        for name in FILES:
            yield from passwords_of_urls(self._file(name))
        yield from passwords_of_urls(self.environment())

    def pieces(self) -> Iterator[tuple[str, Make]]:
        """All of them, the cheap ones first."""
        yield "versions.json", versions
        yield "machine.json", lambda: [asdict(check) for check in examine()]
        yield "manifests.json", lambda: [described(part) for part in platform()]
        yield "status.json", lambda: asdict(status(self.sandbox))
        for name in FILES:
            if getattr(self.sandbox, name).exists():
                yield f"configuration/{name}.json", partial(self._file, name)
        yield "configuration/environment.json", self.environment
        yield from self._logs()
        yield "traces.json", self._traces
        if not self.sandbox.in_use():
            return
        yield "world/clock.json", partial(self._page, "clock", "/clock")
        yield "world/feeds.json", partial(self._page, "venue", "/feeds")
        yield "world/mails.json", partial(self._received, "mail")
        yield "world/pushes.json", partial(self._received, "push")
        for side in ("orders", "broker"):
            yield f"fix/{side}.txt", partial(self._fix, side)
        yield "events/settled.json", self.sources.settled().pages
        for part in platform():
            if part.consumes:
                page = partial(self._page, part.name, "/internal/dead-letters")
                yield f"events/dead-letters/{part.name}.json", page
        if not self.quick:
            yield "events/numbers.json", lambda: {"sent": self.snapshot.sent, "seen": self.snapshot.seen}
            yield "state.json", self._tables
            yield "audit.json", lambda: asdict(audit(self.sources))

    def environment(self) -> Mapping[str, str]:
        """What the supervisor was started with, else what would be said to the next one."""
        if self.sandbox.in_use() and self.sandbox.pid.exists():
            pid = self.sandbox.pid.read_text(encoding="ascii").strip()
            pairs = Path(f"/proc/{pid}/environ").read_bytes().decode(errors="replace").split("\0")
            said = dict(pair.partition("=")[::2] for pair in pairs if pair)
        else:
            said = dict(os.environ)
        return {name: value for name, value in sorted(said.items()) if name.startswith(PREFIX)}

    def _file(self, name: str) -> Any:
        path = getattr(self.sandbox, name)
        return read_json(path) if path.exists() else {}

    def _logs(self) -> Iterator[tuple[str, Make]]:
        """The end of every log, and of the stack's own events."""
        for path in (*sorted(self.sandbox.logs.glob("*")), self.sandbox.events):
            if path.is_file():
                yield f"logs/{path.name}", partial(tail, path, self.lines)

    def _traces(self) -> list[dict[str, Any]]:
        """The last requests, and the last with a line graver than a notice. Read twice, so that not all are held."""
        logs = logs_in(self.sandbox.logs)
        return told(merged(logs, Filter()), last(merged(logs, Filter()), TRACES))

    def _tables(self) -> dict[str, Any]:
        return {
            service: {table: rows[-ROWS:] for table, rows in tables.items()}
            for service, tables in self.snapshot.tables.items()
        }

    def _received(self, part: str) -> list[Any]:
        """The last messages: simulators list by number, the oldest first."""
        items: list[Any] = []
        while page := self._page(part, "/messages", since=str(items[-1]["id"] if items else 0), limit="200")["items"]:
            items = [*items, *page][-MAILS:]
        return items

    def _fix(self, part: str) -> str:
        items = self._page(part, "/internal/fix", limit=str(MESSAGES))["items"]
        return "".join(f"{item['session']} {item['number']} {item['text']}\n" for item in items)

    def _page(self, part: str, path: str, **query: str) -> Any:
        url = f"{self.endpoints[f'{part}.http']}{path}"
        return answered(http.get(url, query=query or None, headers={"X-Internal-Key": self.sources.key}), url)


def tail(path: Path, lines: int) -> str:
    """The last lines of a file."""
    text = path.read_text(encoding="utf-8", errors="replace").splitlines(keepends=True)
    return "".join(text[-lines:])


def described(part: ServiceManifest) -> dict[str, Any]:
    """A manifest as JSON shows it."""
    names = {"publishes", "consumes", "live"}
    fields = {name: value for name, value in vars(part).items() if name not in names}
    return {**fields, **{name: [event.name for event in getattr(part, name)] for name in sorted(names)}}


def there(sandbox: Sandbox) -> None:
    """TradectlError when there is nothing to report on."""
    if not sandbox.logs.is_dir():
        hint = "`tradectl ps --all` lists them"
        raise TradectlError(f"there is no sandbox {sandbox.name}", hint, ExitCode.NOT_FOUND)
