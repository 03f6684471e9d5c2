"""Moderators pin, lock, remove and mute, with reasons; everybody else reports."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from services.chat.store.tables import mutes
from services.contracts.events.chat import MessageRemoved
from services.contracts.times import rfc3339
from services.kernel.uow import UnitOfWork
from services.runtime.clock import wall
from tests.integration.chat.forum import Desk, named, ok, opened, posted, refused
from tests.integration.neighbours import settled
from tests.integration.pair import pair_of
from tests.integration.people import client, figures_of

HOUR = 3_600_000_000
SPAM = {"reason": "spam"}


@pytest.fixture
async def mod(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with client(desk[1], "mod", "trader", "moderator") as moderator:
        yield moderator


def until(offset: int) -> dict[str, str]:
    return {"until": rfc3339(wall() + offset), "reason": "insults"}


async def kinds(mod: httpx.AsyncClient) -> list[str]:
    """What the log says was done, oldest first."""
    return [act["kind"] for act in reversed((await ok(await mod.get("/chat/moderation")))["items"])]


async def test_a_pinned_topic_is_first_on_every_page_order(ann: httpx.AsyncClient, mod: httpx.AsyncClient) -> None:
    topics = [await opened(ann, f"Topic {number}") for number in range(4)]
    path = f"/chat/topics/{topics[1]['id']}"
    for _ in range(2):
        assert (await ok(await mod.patch(path, json={"pinned": True, "reason": "rules"})))["pinned"] is True
    titles: list[str] = []
    query = "?limit=1"
    while query:
        page = await ok(await ann.get(f"/chat/topics{query}"))
        titles += [topic["title"] for topic in page["items"]]
        query = f"?limit=1&cursor={page['next']}" if page["next"] else ""
    assert titles == ["Topic 1", "Topic 3", "Topic 2", "Topic 0"]
    await ok(await mod.patch(path, json={"pinned": False, "reason": "old rules"}))
    assert (await ok(await ann.get("/chat/topics")))["items"][0]["title"] == "Topic 3"
    assert await kinds(mod) == ["pin", "unpin"]


async def test_a_locked_topic_takes_words_from_moderators_alone(ann: httpx.AsyncClient, mod: httpx.AsyncClient) -> None:
    topic = await opened(ann)
    message = await posted(ann, topic, "up")
    path, at = f"/chat/topics/{topic['id']}", f"/chat/messages/{message['id']}"
    assert (await ok(await mod.patch(path, json={"locked": True, "reason": "done"})))["locked"] is True
    for asking in (
        ann.post(f"{path}/messages", json={"text": "down"}),
        ann.patch(at, json={"text": "down"}),
        ann.put(f"{at}/reactions/like"),
    ):
        assert refused(await asking) == (409, "topic_locked")
    await posted(mod, topic, "closed")
    assert (await ok(await ann.get(path)))["messages"] == 2
    await ok(await mod.patch(path, json={"locked": False, "reason": "go on"}))
    await posted(ann, topic, "down")
    assert await kinds(mod) == ["lock", "unlock"]


async def test_a_moderator_removes_with_a_reason_and_closes_reports(
    desk: Desk, ann: httpx.AsyncClient, bob: httpx.AsyncClient, mod: httpx.AsyncClient
) -> None:
    queue = await desk[0].stack.broker.listen([MessageRemoved])
    message = await posted(ann, await opened(ann), "buy my course")
    path = f"/chat/messages/{message['id']}"
    report = await ok(await bob.post(f"{path}/report", json=SPAM), 201)
    assert await ok(await bob.post(f"{path}/report", json={"reason": "again"}), 201) == report
    (listed,) = (await ok(await mod.get("/chat/reports")))["items"]
    assert (listed["id"], listed["text"], listed["status"]) == (report["id"], "buy my course", "open")
    waiting = await figures_of(desk[1])
    assert waiting["chat_open_reports"] == 1
    assert waiting["chat_oldest_open_report_age_seconds"] > 0
    for reason in ("", "?reason=", "?reason=%20"):
        assert refused(await mod.delete(f"{path}{reason}")) == (422, "empty_text")
    gone = await ok(await mod.delete(f"{path}?reason=Advertising"))
    assert (gone["text"], gone["removed"]["by"], gone["removed"]["reason"]) == ("", "moderator", "Advertising")
    assert (await ok(await mod.get("/chat/reports")))["items"] == []
    (closed,) = (await ok(await mod.get("/chat/reports?status=removed")))["items"]
    assert (closed["id"], closed["closed_by"]) == (report["id"], "mod")
    assert refused(await bob.post(f"{path}/report", json=SPAM)) == (409, "message_removed")
    patched = await mod.patch(f"/chat/reports/{report['id']}", json={"status": "dismissed", **SPAM})
    assert refused(patched) == (409, "report_closed")
    (envelope,) = await queue.take(10) or ()
    event = envelope.event
    assert isinstance(event, MessageRemoved)
    assert (event.by, event.message.reason) == ("moderator", "Advertising")
    assert await kinds(mod) == ["remove"]


async def test_a_report_may_lead_to_nothing(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient, mod: httpx.AsyncClient
) -> None:
    message = await posted(ann, await opened(ann), "up")
    report = await ok(await bob.post(f"/chat/messages/{message['id']}/report", json=SPAM), 201)
    dismissal = {"status": "dismissed", "reason": "an opinion"}
    for _ in range(2):
        closed = await ok(await mod.patch(f"/chat/reports/{report['id']}", json=dismissal))
        assert closed["status"] == "dismissed"
    assert (await ok(await mod.get("/chat/reports")))["items"] == []
    assert refused(await mod.patch("/chat/reports/none", json=dismissal)) == (404, "not_found")
    assert await kinds(mod) == ["dismiss"]


async def test_who_is_muted_reads_but_writes_nothing(
    desk: Desk, ann: httpx.AsyncClient, mod: httpx.AsyncClient
) -> None:
    await desk[0].publish(named("ann", "Ann"))
    await settled(desk[1])
    topic = await opened(ann)
    message = await posted(ann, topic, "up")
    await ok(await mod.put("/chat/mutes/ann", json=until(HOUR)))
    assert (await figures_of(desk[1]))["chat_muted_users"] == 1
    at = f"/chat/messages/{message['id']}"
    for asking in (
        ann.post("/chat/topics", json={"title": "More"}),
        ann.post(f"/chat/topics/{topic['id']}/messages", json={"text": "down"}),
        ann.patch(at, json={"text": "down"}),
        ann.put(f"{at}/reactions/like"),
    ):
        answer = await asking
        assert refused(answer) == (403, "muted")
        assert "insults" in answer.json()["detail"]
    assert (await ok(await ann.get(at)))["text"] == "up"
    (mute,) = (await ok(await mod.get("/chat/mutes")))["items"]
    assert (mute["user_id"], mute["by"], mute["reason"]) == ("ann", "mod", "insults")
    for _ in range(2):
        assert (await mod.delete("/chat/mutes/ann")).status_code == 204
    await posted(ann, topic, "down")
    assert await kinds(mod) == ["mute", "unmute"]


async def test_a_mute_ends_by_itself_and_needs_a_user_and_an_end_to_come(
    desk: Desk, ann: httpx.AsyncClient, mod: httpx.AsyncClient, tmp_path: Path
) -> None:
    await desk[0].publish(named("ann", "Ann"))
    await settled(desk[1])
    refusals: list[tuple[str, dict[str, str], tuple[int, str]]] = [
        ("ann", until(-HOUR), (422, "invalid_time")),
        ("ann", {**until(HOUR), "until": "2030-13-01T00:00:00Z"}, (422, "invalid_time")),
        ("ann", {**until(HOUR), "until": "tomorrow"}, (422, "invalid")),
        ("ann", {"until": until(HOUR)["until"]}, (422, "invalid")),
        ("nobody", until(HOUR), (404, "not_found")),
    ]
    for user, body, refusal in refusals:
        assert refused(await mod.put(f"/chat/mutes/{user}", json=body)) == refusal, body
    await ok(await mod.put("/chat/mutes/ann", json=until(HOUR)))
    topic = await opened(mod)
    path = f"/chat/topics/{topic['id']}/messages"
    assert refused(await ann.post(path, json={"text": "again"})) == (403, "muted")

    async def over(uow: UnitOfWork) -> None:
        await uow.execute(update(mutes).values(until=uow.wall))

    async with pair_of(tmp_path, "chat") as (database, _):
        await database.transact(over)
    await posted(ann, topic, "again")
    assert (await ok(await mod.get("/chat/mutes")))["items"] == []


STAFF_ONLY: list[tuple[str, str, Any]] = [
    ("GET", "/chat/reports", None),
    ("GET", "/chat/mutes", None),
    ("GET", "/chat/moderation", None),
    ("PATCH", "/chat/topics/none", {"pinned": True, "reason": "x"}),
    ("PATCH", "/chat/reports/none", {"status": "dismissed", "reason": "x"}),
    ("PUT", "/chat/mutes/ann", {"until": "2100-01-01T00:00:00Z", "reason": "x"}),
    ("DELETE", "/chat/mutes/ann", None),
]


async def test_only_moderators_moderate(ann: httpx.AsyncClient, mod: httpx.AsyncClient) -> None:
    for method, path, body in STAFF_ONLY:
        assert refused(await ann.request(method, path, json=body)) == (403, "forbidden"), path
    assert refused(await mod.patch("/chat/topics/none", json={"pinned": True, "reason": "x"})) == (404, "not_found")
    topic = await opened(ann)
    for wrong in ({"pinned": True}, {"pinned": "yes", "reason": "x"}, {"title": "x", "reason": "x"}):
        assert refused(await mod.patch(f"/chat/topics/{topic['id']}", json=wrong)) == (422, "invalid"), wrong
