"""Events that a consumer has set aside, in an operator's hands."""

import sqlite3
import time
from pathlib import Path

import httpx

from services.contracts import envelope
from services.contracts.envelope import Envelope
from services.contracts.events.auth import ProfileChanged
from tests.e2e.tool import Tool
from tests.envelopes import around
from tests.eventually import eventually
from tradectl.errors import ExitCode

LETTERS = (7, 8)
WHY = "ValueError: it was a bad day"


def letter(number: int) -> Envelope:
    """About a user whom nobody knows yet."""
    event = ProfileChanged(
        user_id=f"u{number}",
        email=f"u{number}@example.com",
        display_name=f"User {number}",
        language="en",
        time_zone="UTC",
        roles=("trader",),
        blocked=False,
    )
    return around(event)


def set_aside(data: Path, service: str) -> None:
    """As the broker's file has them."""
    with sqlite3.connect(data / "broker.db") as broker:
        rows = [(each, service, envelope.encode(letter(each)), WHY, time.time_ns() // 1_000) for each in LETTERS]
        broker.executemany("INSERT INTO dead (id, queue, envelope, reason, time) VALUES (?, ?, ?, ?, ?)", rows)
    broker.close()


async def test_an_operator_sees_why_events_were_set_aside_and_puts_them_back(tool: Tool) -> None:
    tool.ok("up", "--quiet")
    assert "no event was set aside" in tool.ok("dlq", "list").out
    set_aside(tool.sandbox() / "data", "notifications")
    assert WHY in tool.ok("dlq", "list").out
    found = tool.ok("dlq", "list", "notifications", "--json").json["items"]
    assert [(row["id"], row["envelope"]["body"]["user_id"]) for row in found] == [(7, "u7"), (8, "u8")]
    assert tool.ok("dlq", "show", "notifications", "8", "--json").json["reason"] == WHY
    assert WHY in tool.ok("dlq", "show", "notifications", "8").out
    refused = tool.run("snapshot", "save", "early", "--timeout", "1")
    assert (refused.code, "tradectl dlq" in refused.err) == (ExitCode.TIMEOUT, True)
    assert tool.ok("dlq", "replay", "notifications", "7", "--json").json == {"replayed": 1}
    assert tool.ok("dlq", "replay", "notifications", "--all", "--json").json == {"replayed": 1}
    assert await eventually(lambda: tool.ok("dlq", "list", "--json").json == {"items": []})
    assert "saved" in tool.ok("snapshot", "save", "early").out


async def test_a_mail_that_was_given_up_is_tried_again_when_an_operator_says_so(tool: Tool) -> None:
    tool.ok("up", "--quiet", "--set", "notifications.mail_attempts=1")
    assert "no mails were given up" in tool.ok("mail", "dead").out
    tool.ok("fault", "add", "mail.refuse", "--for", "60s")
    account = {"email": "ann@example.com", "password": "correct horse battery", "display_name": "Ann"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{tool.ports()['bff.http']}/api/v1") as nobody:
        (await nobody.post("/auth/register", json=account)).raise_for_status()
    (dead,) = await eventually(lambda: tool.ok("mail", "dead", "--json").json["items"])
    assert dead["address"] == "ann@example.com"
    assert dead["error"] in tool.ok("mail", "dead").out
    assert tool.run("mail", "retry").code == ExitCode.BAD_INPUT
    tool.ok("fault", "clear", "--all")
    assert tool.ok("mail", "retry", dead["notification_id"], "--json").json == {"retried": 1}
    (mail,) = await eventually(lambda: tool.ok("mail", "list", "--json").json["items"])
    assert mail["to"] == ["ann@example.com"]
    assert tool.ok("mail", "dead", "--json").json == {"items": []}
    assert tool.ok("push", "retry", "--all", "--json").json == {"retried": 0}


def test_what_is_not_there_cannot_be_put_back(platform: Tool) -> None:
    assert platform.run("dlq", "list", "bff").code == ExitCode.NOT_FOUND
    assert platform.run("dlq", "replay", "portfolio", "5").code == ExitCode.NOT_FOUND
    for arguments in (("portfolio",), ("portfolio", "5", "--all")):
        result = platform.run("dlq", "replay", *arguments)
        assert (result.code, "--all" in result.err) == (ExitCode.BAD_INPUT, True)
    assert platform.ok("dlq", "replay", "portfolio", "--all", "--json").json == {"replayed": 0}
