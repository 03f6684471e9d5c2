"""The real Prometheus and Alertmanager beside a sandbox: an outage becomes a mail and chat messages."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests import monitors
from tests.e2e.tool import Tool
from tests.eventually import eventually
from tradectl.alerts.telling import CHANNEL, CHAT, OPERATORS
from tradectl.probes import http

EVERY = "1s"
FIRST = "Page: FixSessionDown in orders"
LAST = "Over: FixSessionDown in orders"
PATIENCE = 60.0


@dataclass(frozen=True)
class Watch:
    """A platform that is watched, and the addresses of who watches."""

    tool: Tool
    prometheus: str
    alertmanager: str

    def alerts(self, *arguments: str) -> Any:
        verb, *rest = arguments
        at = {"rules": ("--prometheus", self.prometheus), "chat": ()}.get(verb, ("--alertmanager", self.alertmanager))
        return self.tool.ok("alerts", verb, *rest, *at, "--json").json

    def mails(self) -> list[str]:
        return [each["subject"] for each in self.tool.ok("mail", "list", "--to", OPERATORS, "--json").json["items"]]

    async def all_hear(self, title: str) -> None:
        """Mail, Telegram and Slack, each in its time."""
        for way in self.ways():
            await eventually(partial(_is_told, way, title), PATIENCE, every=0.5)

    def ways(self) -> list[Callable[[], list[str]]]:
        """What was told by each: titles, in their order."""
        return [self.mails, partial(self.said, "telegram"), partial(self.said, "slack")]

    def said(self, service: str) -> list[str]:
        return [each["title"] for each in self.alerts("chat", "--service", service)["items"]]


def _is_told(way: Callable[[], list[str]], title: str) -> bool | None:
    return title in way() or None


def impatient(rules: Path) -> None:
    """Rules that wait no longer than the test does."""
    for file in rules.glob("*.yml"):
        text = file.read_text(encoding="utf-8")
        file.write_text(re.sub(r"for: \w+", f"for: {EVERY}", text), encoding="utf-8")


@pytest.fixture(scope="module")
def watch(platform: Tool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    for kind in monitors.IMAGES:
        monitors.need(kind)
    folder, port = tmp_path_factory.mktemp("watching"), monitors.free_port()
    platform.ok("alerts", "config", "--into", str(folder), "--port", str(port), "--every", EVERY)
    impatient(folder / "rules")
    with monitors.alertmanager(folder, port) as manager, monitors.prometheus(folder) as prometheus:
        yield Watch(platform, prometheus, manager)


@pytest.mark.night
async def test_a_lost_broker_is_told_once_to_everybody_and_so_is_its_return(watch: Watch) -> None:
    await eventually(lambda: {each["health"] for each in watch.alerts("rules")["items"]} == {"ok"}, PATIENCE, every=0.5)
    watch.tool.ok("fault", "add", "fix.refuse", "--for", "5m")
    await watch.all_hear(FIRST)
    firing = watch.alerts("list")["items"]
    assert [each["name"] for each in firing if each["labels"].get("job") == "orders"] == ["FixSessionDown"]
    assert firing[0]["severity"] == "page"
    assert (watch.tool.run("alerts", "list", "--check", "--alertmanager", watch.alertmanager)).code == 1

    watch.tool.ok("fault", "clear", "--all")
    await watch.all_hear(LAST)
    tell(watch, "Fence")
    await watch.all_hear("Page: Fence")
    for way in watch.ways():
        told = [each for each in way() if "FixSessionDown" in each]
        assert told == [FIRST, LAST], "something was told twice"

    messages = watch.alerts("chat")["items"]
    telegram = next(each for each in messages if each["service"] == "telegram")
    assert telegram["chat"] == str(CHAT)
    assert "docs/runbooks/fix-session-down.md" in telegram["text"]
    assert {each["chat"] for each in messages if each["service"] == "slack"} == {CHANNEL}


def tell(watch: Watch, alert: str) -> None:
    """An alert of our own: what was under way before it has been told when it is."""
    body = [{"labels": {"alertname": alert, "severity": "page"}, "annotations": {"summary": "s", "runbook_url": "r"}}]
    assert http.request("POST", f"{watch.alertmanager}/api/v2/alerts", body=body).status == 200
