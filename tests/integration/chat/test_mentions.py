"""Who is named in a message hears of it once, and the message knows."""

import httpx

from services.contracts.events.chat import UserMentioned
from tests.integration.chat.forum import Desk, named, ok, opened, posted
from tests.integration.neighbours import settled

BORIS = "01j4s9aq4n3v8q2r5t7w9y1z3b"


async def test_the_named_are_told_once_whatever_becomes_of_the_words(desk: Desk, ann: httpx.AsyncClient) -> None:
    around, running = desk
    await around.publish(named("ann", "Ann"), named("bob", "Bob Ross"), named(BORIS, "Борис"))
    await settled(running)
    queue = await around.stack.broker.listen([UserMentioned])
    topic = await opened(ann, "Paint")
    message = await posted(ann, topic, "@BobRoss, @Борис and @ann: look at $aapl, @nobody")
    assert (message["mentions"], message["symbols"]) == (["bob", BORIS], ["AAPL"])
    path = f"/chat/messages/{message['id']}"
    assert sorted((await ok(await ann.get(path)))["mentions"]) == sorted(["bob", BORIS])
    await ok(await ann.patch(path, json={"text": f"@bob_ross, @{BORIS} again"}))
    told = [envelope.event for envelope in await queue.take(10) or ()]
    assert [event.user_id for event in told if isinstance(event, UserMentioned)] == ["bob", BORIS]
    assert isinstance(told[0], UserMentioned)
    assert (told[0].title, told[0].author, told[0].message_id) == ("Paint", "Ann", message["id"])


async def test_who_is_named_in_other_words_later_is_told_then(desk: Desk, ann: httpx.AsyncClient) -> None:
    around, running = desk
    await around.publish(named("ann", "Ann"), named("bob", "Bob"))
    await settled(running)
    message = await posted(ann, await opened(ann), "hello")
    queue = await around.stack.broker.listen([UserMentioned])
    edited = await ok(await ann.patch(f"/chat/messages/{message['id']}", json={"text": "hello @bob"}))
    assert edited["mentions"] == ["bob"]
    (envelope,) = await queue.take(10) or ()
    assert isinstance(envelope.event, UserMentioned)
    assert (await ok(await ann.delete(f"/chat/messages/{message['id']}")))["mentions"] == []


async def test_a_name_means_all_of_a_few_and_none_of_many(desk: Desk, ann: httpx.AsyncClient) -> None:
    around, running = desk
    topic = await opened(ann)
    await around.publish(*(named(f"b{number}", "Bob") for number in range(5)))
    await settled(running)
    assert len((await posted(ann, topic, "@bob"))["mentions"]) == 5
    await around.publish(named("b5", "bob"))
    await settled(running)
    assert (await posted(ann, topic, "@bob"))["mentions"] == []
    await around.publish(named("b5", "Rob"))
    await settled(running)
    assert len((await posted(ann, topic, "@bob"))["mentions"]) == 5
