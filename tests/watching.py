"""A sandbox that a real Prometheus and a real Alertmanager watch, impatiently, and what its operators were told."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tests import monitors
from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.audit.people import OPERATORS
from tradectl.probes import http
from tradectl.stack.containers.addresses import free

EVERY = "1s"
"""Between two scrapes, two looks at a rule, two tellings."""
LASTS = "4s"
"""What is told lasts: on a busy machine a scrape or two are missed, and that is nobody's outage."""
MOST = "200"
"""Messages that are looked at: pages of the simulated world give fifty, the oldest first."""
KEEPS = "8s"
"""How long a page goes on over scrapes that are missed: a busy machine misses some."""
PATIENCE = 60.0


@dataclass(frozen=True)
class Watch:
    """A platform that is watched, and the addresses of who watches."""

    tool: Tool
    prometheus: str
    alertmanager: str

    def alerts(self, *arguments: str) -> Any:
        """What `tradectl alerts` prints as JSON."""
        verb, *rest = arguments
        at = {"rules": ("--prometheus", self.prometheus), "chat": ()}.get(verb, ("--alertmanager", self.alertmanager))
        return self.tool.ok("alerts", verb, *rest, *at, "--json").json

    async def all_hear(self, title: str) -> None:
        """Mail, Telegram and Slack, each in its time."""
        for way in self.ways():
            try:
                await eventually(partial(_is_told, way, title), PATIENCE, every=0.1)
            except AssertionError as error:
                raise AssertionError(f"{title!r} is not among {way()}") from error

    def ways(self) -> list[Callable[[], list[str]]]:
        """What was told by each: titles, in their order."""
        return [self.mailed, partial(self.said, "telegram"), partial(self.said, "slack")]

    def mailed(self) -> list[str]:
        return [each["subject"] for each in self._kept("mail", to=OPERATORS)]

    def said(self, service: str) -> list[str]:
        return [each["title"] for each in self._kept("chatops", service=service)]

    def _kept(self, part: str, **query: str) -> Any:
        url = f"http://127.0.0.1:{self.tool.ports()[f'{part}.http']}/messages"
        return http.request("GET", url, query={**query, "limit": MOST}, timeout=PATIENCE).json()["items"]

    def raise_(self, alert: str) -> None:
        """An alert of our own, that no rule ends."""
        said = {"summary": f"{alert} is tried", "runbook_url": "docs/runbooks/fix-session-down.md"}
        body = [{"labels": {"alertname": alert, "severity": "page"}, "annotations": said}]
        assert http.request("POST", f"{self.alertmanager}/api/v2/alerts", body=body).status == 200


def _is_told(way: Callable[[], list[str]], title: str) -> bool | None:
    return title in way() or None


def impatient(rules: Path) -> None:
    """Rules that wait no longer than the test does."""
    for file in rules.glob("*.yml"):
        text = re.sub(r"keep_firing_for: \w+", f"keep_firing_for: {KEEPS}", file.read_text(encoding="utf-8"))
        file.write_text(re.sub(r"\bfor: \w+", f"for: {LASTS}", text), encoding="utf-8")


@contextmanager
def watching(tool: Tool, folder: Path, *beside: str) -> Iterator[Watch]:
    """A sandbox's own Prometheus and Alertmanager, by the files that `tradectl alerts config` writes for them.

    ``beside`` are its options for what else is to be watched.
    """
    for kind in monitors.IMAGES:
        monitors.need(kind)
    manager, watcher = free(2)
    ports = ("--port", str(manager), "--prometheus-port", str(watcher))
    tool.ok("alerts", "config", "--into", str(folder), "--every", EVERY, *ports, *beside)
    impatient(folder / "rules")
    with monitors.alertmanager(folder, manager) as alertmanager, monitors.prometheus(folder, watcher) as prometheus:
        yield Watch(tool, prometheus, alertmanager)
