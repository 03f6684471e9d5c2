"""Topics and messages, as their readers and writers meet them."""

from pathlib import Path
from typing import Any

import httpx

from services.contracts.events.chat import MessagePosted
from tests.eventually import eventually
from tests.integration.chat.forum import Desk, named, opened, posted
from tests.integration.neighbours import neighbourhood, settled
from tests.integration.people import client, state_of


async def paged(reader: httpx.AsyncClient, path: str, limit: int = 2) -> list[dict[str, Any]]:
    """All items, page by page."""
    items: list[dict[str, Any]] = []
    query = f"?limit={limit}"
    while query:
        page = (await reader.get(path + query)).json()
        assert len(page["items"]) <= limit
        items += page["items"]
        query = f"?limit={limit}&cursor={page['next']}" if page["next"] else ""
    return items


async def test_a_message_is_seen_by_everybody_with_its_authors_name(desk: Desk, ann: httpx.AsyncClient) -> None:
    around, running = desk
    await around.publish(named("ann", "Ann"))
    await settled(running)
    queue = await around.stack.broker.listen([MessagePosted])
    topic = await opened(ann)
    assert (topic["title"], topic["author_id"], topic["messages"]) == ("Earnings", "ann", 0)
    message = await posted(ann, topic, "up or down?")
    assert (message["author"], message["text"]) == ("Ann", "up or down?")
    async with client(running, "bob") as bob:
        assert (await bob.get(f"/chat/topics/{topic['id']}/messages")).json()["items"] == [message]
        assert (await bob.get(f"/chat/topics/{topic['id']}")).json()["messages"] == 1
    (envelope,) = await queue.take(10) or ()
    event = envelope.event
    assert isinstance(event, MessagePosted)
    assert (event.message_id, event.author, event.topic_id) == (message["id"], "Ann", topic["id"])


async def test_a_new_name_is_shown_on_old_messages_and_an_unknown_one_as_a_question_mark(
    desk: Desk, ann: httpx.AsyncClient
) -> None:
    around, _ = desk
    topic = await opened(ann)
    assert (await posted(ann, topic, "hello"))["author"] == "?"
    await around.publish(named("ann", "Анна"))

    async def renamed() -> bool:
        (message,) = (await ann.get(f"/chat/topics/{topic['id']}/messages")).json()["items"]
        return bool(message["author"] == "Анна")

    await eventually(renamed)


async def test_any_unicode_is_kept_in_normal_form(ann: httpx.AsyncClient) -> None:
    topic = await opened(ann, "Прибыль 👩‍👩‍👧‍👦 e\u0301")
    assert topic["title"] == "Прибыль 👩‍👩‍👧‍👦 é"
    assert (await posted(ann, topic, "  日本語\n\u202eabc  "))["text"] == "日本語\n\u202eabc"


async def test_topics_come_with_the_liveliest_first_and_page_by_page(ann: httpx.AsyncClient) -> None:
    topics = [await opened(ann, f"Topic {number}") for number in range(5)]
    await posted(ann, topics[1], "hello")
    titles = [topic["title"] for topic in await paged(ann, "/chat/topics")]
    assert titles == ["Topic 1", "Topic 4", "Topic 3", "Topic 2", "Topic 0"]


async def test_messages_come_newest_first_and_each_once(ann: httpx.AsyncClient) -> None:
    topic = await opened(ann)
    sent = [await posted(ann, topic, f"message {number}") for number in range(5)]
    seen = await paged(ann, f"/chat/topics/{topic['id']}/messages")
    assert sorted(message["id"] for message in seen) == sorted(message["id"] for message in sent)
    assert [message["id"] for message in seen] == sorted((message["id"] for message in seen), reverse=True)


async def test_the_same_key_posts_once(desk: Desk, ann: httpx.AsyncClient) -> None:
    topic, key = await opened(ann), {"Idempotency-Key": "k1"}
    path = f"/chat/topics/{topic['id']}/messages"
    answers = [await ann.post(path, json={"text": "once"}, headers=key) for _ in range(3)]
    assert len({answer.text for answer in answers}) == 1
    other = await ann.post(path, json={"text": "twice"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")
    assert len((await state_of(desk[1]))["messages"]) == 1
    assert (await ann.get(f"/chat/topics/{topic['id']}")).json()["messages"] == 1


async def test_posting_is_limited_by_user_and_minute(tmp_path: Path) -> None:
    few = {"chat.posts_per_minute": "3"}
    async with neighbourhood(tmp_path, few) as around, around.stack.part("chat") as running, client(running) as ann:
        answers = [(await ann.post("/chat/topics", json={"title": f"T{number}"})) for number in range(8)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert refused
        assert refused[0].json()["code"] == "too_many_posts"
        assert 1 <= int(refused[0].headers["retry-after"]) <= 60
        assert (await ann.get("/chat/topics")).status_code == 200
        async with client(running, "bob") as bob:
            assert (await bob.post("/chat/topics", json={"title": "mine"})).status_code == 201


TOPICS: list[tuple[object, str, str | None]] = [
    ({"title": ""}, "invalid", "title"),
    ({"title": "   "}, "empty_text", "title"),
    ({"title": "a" * 121}, "invalid", "title"),
    ({"title": "two\nlines"}, "control_character", "title"),
    ({"title": "bell\x07"}, "control_character", "title"),
    ({"title": 5}, "invalid", "title"),
    ({"title": None}, "invalid", "title"),
    ({"title": "a", "pinned": True}, "invalid", "pinned"),
    ({}, "invalid", "title"),
    ("title", "invalid", "body"),
]
MESSAGES: list[tuple[object, str]] = [
    ({"text": "a" * 4001}, "invalid"),
    ({"text": "nul\x00"}, "control_character"),
    ({"text": "\u00a0"}, "empty_text"),
    ({"text": ["a"]}, "invalid"),
    ({"text": "a", "author": "bob"}, "invalid"),
]


async def test_what_cannot_be_said_is_refused_with_its_field(ann: httpx.AsyncClient) -> None:
    for body, code, field in TOPICS:
        answer = await ann.post("/chat/topics", json=body)
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, field), body
    topic = await opened(ann)
    for message, code in MESSAGES:
        answer = await ann.post(f"/chat/topics/{topic['id']}/messages", json=message)
        assert (answer.status_code, answer.json()["code"]) == (422, code), message
    assert (await ann.get(f"/chat/topics/{topic['id']}")).json()["messages"] == 0


async def test_broken_bodies_and_halves_of_pairs_are_no_json(ann: httpx.AsyncClient) -> None:
    for content in (b"{", b'{"title": "\\ud800"}', b'{"title": "\xff"}', b"", b"null"):
        answer = await ann.post("/chat/topics", content=content, headers={"content-type": "application/json"})
        assert answer.status_code in {400, 422}, content
    large = await ann.post("/chat/topics", json={"title": "a" * 70_000})
    assert (large.status_code, large.json()["code"]) == (413, "too_large")


async def test_what_is_not_there_is_not_found(desk: Desk, ann: httpx.AsyncClient) -> None:
    for path in ("/chat/topics/none", "/chat/topics/none/messages", "/chat/topics/%00", "/chat/nothing"):
        answer = await ann.get(path)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), path
    answer = await ann.post("/chat/topics/none/messages", json={"text": "hello"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    for path in ("/chat/topics", f"/chat/topics/{(await opened(ann))['id']}/messages"):
        for cursor in ("nonsense", "W10", "WzFd", "WyJhIiwiYiJd", "W3t9XQ"):
            answer = await ann.get(f"{path}?cursor={cursor}")
            assert (answer.status_code, answer.json()["code"]) == (404, "bad_cursor"), cursor
        assert (await ann.get(f"{path}?limit=1000")).status_code == 422
    async with client(desk[1], None) as stranger:
        assert (await stranger.get("/chat/topics")).status_code == 401
        assert (await stranger.post("/chat/topics", json={"title": "x"})).status_code == 401
