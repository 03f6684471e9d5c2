"""The real Prometheus and Alertmanager beside a sandbox: an outage becomes a mail and chat messages, once."""

from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.e2e.tool import Tool
from tests.eventually import eventually
from tests.watching import PATIENCE, Watch, watching
from tradectl.alerts.telling import CHANNEL, CHAT
from tradectl.errors import ExitCode
from tradectl.probes import http

pytestmark = pytest.mark.night
FIRST = "Page: FixSessionDown in orders"
LAST = "Over: FixSessionDown in orders"


@pytest.fixture(scope="module")
def watch(platform: Tool, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    with watching(platform, tmp_path_factory.mktemp("watching")) as made:
        yield made


async def test_a_lost_broker_is_told_once_to_everybody_and_so_is_its_return(watch: Watch) -> None:
    await eventually(lambda: evaluated(watch), PATIENCE, every=0.1)
    watch.tool.ok("fault", "add", "fix.refuse", "--for", "5m")
    await watch.all_hear(FIRST)
    firing = watch.alerts("list")["items"]
    assert [each["name"] for each in firing if each["labels"].get("job") == "orders"] == ["FixSessionDown"]
    assert firing[0]["severity"] == "page"
    assert watch.tool.run("alerts", "list", "--check", "--alertmanager", watch.alertmanager).code == 1

    watch.tool.ok("fault", "clear", "--all")
    await watch.all_hear(LAST)
    watch.raise_("Fence")
    await watch.all_hear("Page: Fence")
    for way in watch.ways():
        told = [each for each in way() if "FixSessionDown" in each]
        assert told == [FIRST, LAST], "something was told twice"

    messages = watch.alerts("chat")["items"]
    telegram = next(each for each in messages if each["service"] == "telegram")
    assert telegram["chat"] == str(CHAT)
    assert "docs/runbooks/fix-session-down.md" in telegram["text"]
    assert {each["chat"] for each in messages if each["service"] == "slack"} == {CHANNEL}


def evaluated(watch: Watch) -> bool:
    """Whether each rule was, and can be."""
    found = http.get(f"{watch.prometheus}/api/v1/rules", query={"type": "alert"}).json()["data"]["groups"]
    return {rule["health"] for group in found for rule in group["rules"]} == {"ok"}


async def test_what_is_silenced_is_told_to_nobody_until_the_silence_is_ended(watch: Watch) -> None:
    made = watch.alerts("silence", "Quiet", "--for", "2h", "--because", "the broker moves", "--by", "tests")
    watch.raise_("Quiet")
    watch.raise_("Loud")
    await watch.all_hear("Page: Loud")
    assert all("Page: Quiet" not in way() for way in watch.ways())
    states = {each["name"]: each["state"] for each in watch.alerts("list", "--all")["items"]}
    assert (states["Quiet"], states["Loud"]) == ("silenced", "active")
    assert "Quiet" not in {each["name"] for each in watch.alerts("list")["items"]}
    (silence,) = watch.alerts("silences")["items"]
    assert (silence["id"], silence["reason"], silence["by"]) == (made["id"], "the broker moves", "tests")
    assert silence["matchers"] == {"alertname": "Quiet"}

    assert watch.alerts("speak", made["id"])["id"] == made["id"]
    await watch.all_hear("Page: Quiet")
    assert watch.alerts("silences")["items"] == []
    unknown = watch.tool.run("alerts", "speak", str(uuid4()), "--alertmanager", watch.alertmanager)
    assert (unknown.code, "tradectl alerts silences" in unknown.err) == (ExitCode.NOT_FOUND, True)
