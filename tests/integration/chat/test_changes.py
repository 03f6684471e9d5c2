"""What becomes of messages: edited for a while, taken back, answered, reacted to."""

from pathlib import Path

import httpx
from sqlalchemy import update

from services.chat.store.tables import messages
from services.contracts.events.chat import MessageEdited, MessagePosted, MessageReacted, MessageRemoved
from services.kernel.uow import UnitOfWork
from tests.integration.chat.forum import Desk, ok, opened, posted, refused
from tests.integration.neighbours import neighbourhood
from tests.integration.pair import pair_of
from tests.integration.people import client

EVENTS = (MessagePosted, MessageEdited, MessageReacted, MessageRemoved)


async def test_an_author_edits_and_everybody_hears_of_it(
    desk: Desk, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    queue = await desk[0].stack.broker.listen([MessageEdited])
    message = await posted(ann, await opened(ann), "up")
    path = f"/chat/messages/{message['id']}"
    edited = await ok(await ann.patch(path, json={"text": " down "}))
    assert (edited["text"], edited["edited_at"] is not None) == ("down", True)
    assert await ok(await ann.patch(path, json={"text": "down"})) == edited
    assert await ok(await bob.get(path)) == edited
    assert refused(await bob.patch(path, json={"text": "sideways"})) == (403, "not_author")
    assert refused(await ann.patch(path, json={"text": " "})) == (422, "empty_text")
    assert refused(await ann.patch(path, json={"text": "a", "by": "b"})) == (422, "invalid")
    (envelope,) = await queue.take(10) or ()
    event = envelope.event
    assert isinstance(event, MessageEdited)
    assert (event.message.text, event.message.message_id) == ("down", message["id"])


async def test_after_a_while_words_stand(tmp_path: Path) -> None:
    soon = {"chat.edit_within": "60"}
    async with neighbourhood(tmp_path, soon) as around, around.stack.part("chat") as running, client(running) as ann:
        message = await posted(ann, await opened(ann), "up")

        async def long_ago(uow: UnitOfWork) -> None:
            await uow.execute(update(messages).values(posted=messages.c.posted - 61_000_000))

        async with pair_of(tmp_path, "chat") as (database, _):
            await database.transact(long_ago)
        path = f"/chat/messages/{message['id']}"
        assert refused(await ann.patch(path, json={"text": "down"})) == (409, "too_late")
        assert (await ok(await ann.delete(path)))["text"] == ""


async def test_what_is_taken_back_keeps_its_place_and_nothing_else(
    desk: Desk, ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    queue = await desk[0].stack.broker.listen([MessageRemoved])
    topic = await opened(ann)
    message = await posted(ann, topic, "sorry")
    path = f"/chat/messages/{message['id']}"
    assert refused(await bob.delete(path)) == (403, "not_author")
    gone = await ok(await ann.delete(path))
    assert (gone["text"], gone["removed"]["by"], gone["removed"]["reason"]) == ("", "author", None)
    assert await ok(await ann.delete(path)) == gone
    assert (await ok(await bob.get(f"/chat/topics/{topic['id']}/messages")))["items"] == [gone]
    assert (await ok(await bob.get(f"/chat/topics/{topic['id']}")))["messages"] == 1
    for asking in (ann.patch(path, json={"text": "again"}), bob.put(f"{path}/reactions/like")):
        assert refused(await asking) == (409, "message_removed")
    answer = await ann.post(f"/chat/topics/{topic['id']}/messages", json={"text": "so", "reply_to": message["id"]})
    assert refused(answer) == (422, "unknown_message")
    (envelope,) = await queue.take(10) or ()
    event = envelope.event
    assert isinstance(event, MessageRemoved)
    assert (event.by, event.message.text, event.message.message_id) == ("author", "", message["id"])


async def test_an_answer_names_a_message_of_its_own_topic(ann: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    topic, other = await opened(ann), await opened(ann, "Other")
    asked = await posted(ann, topic, "up or down?")
    assert asked["reply_to"] is None
    assert (await posted(bob, topic, "up", asked["id"]))["reply_to"] == asked["id"]
    for where, to in ((other, asked["id"]), (topic, "0" * 26)):
        answer = await bob.post(f"/chat/topics/{where['id']}/messages", json={"text": "up", "reply_to": to})
        assert (*refused(answer), answer.json()["field"]) == (422, "unknown_message", "reply_to")
    answer = await bob.post(f"/chat/topics/{topic['id']}/messages", json={"text": "up", "reply_to": "x"})
    assert refused(answer) == (422, "invalid")
    assert (await ok(await bob.get(f"/chat/topics/{topic['id']}")))["messages"] == 2
    assert (await ok(await bob.get(f"/chat/topics/{other['id']}")))["messages"] == 0


async def test_everybody_thinks_one_thing_once(desk: Desk, ann: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    queue = await desk[0].stack.broker.listen([MessageReacted])
    message = await posted(ann, await opened(ann), "up")
    path = f"/chat/messages/{message['id']}"
    for person in (ann, bob, ann):
        await ok(await person.put(f"{path}/reactions/bullish"))
    seen = await ok(await bob.put(f"{path}/reactions/bullish"))
    assert (seen["reactions"], seen["my_reactions"]) == ({"bullish": 2}, ["bullish"])
    await ok(await bob.put(f"{path}/reactions/like"))
    assert (await ok(await ann.get(path)))["my_reactions"] == ["bullish"]
    await ok(await bob.delete(f"{path}/reactions/bullish"))
    seen = await ok(await bob.delete(f"{path}/reactions/bullish"))
    assert (seen["reactions"], seen["my_reactions"]) == ({"bullish": 1, "like": 1}, ["like"])
    (item,) = (await ok(await bob.get(f"/chat/topics/{message['topic_id']}/messages")))["items"]
    assert item == seen
    assert refused(await bob.put(f"{path}/reactions/shrug")) == (422, "invalid")
    told = [envelope.event for envelope in await queue.take(10) or ()]
    counts = [event.message.reactions for event in told if isinstance(event, MessageReacted)]
    assert counts == [{"bullish": 1}, {"bullish": 2}, {"bullish": 2, "like": 1}, {"bullish": 1, "like": 1}]


async def test_what_is_not_there_cannot_be_changed(ann: httpx.AsyncClient) -> None:
    path = f"/chat/messages/{'0' * 26}"
    reaction = f"{path}/reactions/like"
    for asking in (ann.get(path), ann.patch(path, json={"text": "a"}), ann.delete(path), ann.put(reaction)):
        assert refused(await asking) == (404, "not_found")
    assert refused(await ann.delete(reaction)) == (404, "not_found")
