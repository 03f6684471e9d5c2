"""Followed topics, and what is new in them."""

import httpx

from tests.integration.chat.forum import ok, opened, posted, refused


async def test_a_follower_counts_what_others_wrote_since(ann: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    topic = await opened(ann)
    path = f"/chat/topics/{topic['id']}"
    await posted(bob, topic, "before")
    assert (topic["following"], topic["unread"]) == (False, None)
    for _ in range(2):
        followed = await ok(await ann.put(f"{path}/follow"))
        assert (followed["following"], followed["unread"]) == (True, 0)
    sent = [await posted(bob, topic, f"message {number}") for number in range(3)]
    await posted(ann, topic, "mine")
    (listed,) = (await ok(await ann.get("/chat/topics")))["items"]
    assert (listed["messages"], listed["unread"]) == (5, 3)
    assert await ok(await ann.get("/chat/unread")) == {"topics": 1, "messages": 3}
    assert (await ok(await bob.get(path)))["following"] is False
    first = min(message["id"] for message in sent)
    seen = await ok(await ann.post(f"{path}/read", json={"up_to": first}))
    assert seen["unread"] == sum(message["id"] > first for message in [*sent, await newest(ann, path)])
    assert (await ok(await ann.post(f"{path}/read", json={})))["unread"] == 0
    assert (await ok(await ann.post(f"{path}/read", json={"up_to": first})))["unread"] == 0
    assert await ok(await ann.get("/chat/unread")) == {"topics": 0, "messages": 0}


async def newest(reader: httpx.AsyncClient, path: str) -> dict[str, str]:
    """The latest message of a topic."""
    message: dict[str, str] = (await ok(await reader.get(f"{path}/messages?limit=1")))["items"][0]
    return message


async def test_followed_topics_are_listed_until_they_are_left(ann: httpx.AsyncClient, bob: httpx.AsyncClient) -> None:
    topics = [await opened(bob, f"Topic {number}") for number in range(5)]
    for topic in topics:
        await ok(await ann.put(f"/chat/topics/{topic['id']}/follow"))
    left = await ok(await ann.delete(f"/chat/topics/{topics[2]['id']}/follow"))
    assert (left["following"], left["unread"]) == (False, None)
    await ok(await ann.delete(f"/chat/topics/{topics[2]['id']}/follow"))
    seen: list[str] = []
    query = "?limit=2"
    while query:
        page = await ok(await ann.get(f"/chat/followed{query}"))
        seen += [topic["id"] for topic in page["items"]]
        query = f"?limit=2&cursor={page['next']}" if page["next"] else ""
    assert sorted(seen) == sorted(topic["id"] for topic in topics if topic != topics[2])
    assert (await ok(await bob.get("/chat/followed")))["items"] == []


async def test_only_what_is_there_and_followed_is_read(ann: httpx.AsyncClient) -> None:
    topic, other = await opened(ann), await opened(ann, "Other")
    message = await posted(ann, other, "elsewhere")
    path = f"/chat/topics/{topic['id']}"
    assert refused(await ann.post(f"{path}/read", json={})) == (409, "not_followed")
    await ok(await ann.put(f"{path}/follow"))
    for up_to, code in ((message["id"], "unknown_message"), ("x", "invalid")):
        assert refused(await ann.post(f"{path}/read", json={"up_to": up_to})) == (422, code)
    assert refused(await ann.post(f"{path}/read", json={"all": True})) == (422, "invalid")
    for asking in (ann.put("/chat/topics/none/follow"), ann.delete("/chat/topics/none/follow")):
        assert refused(await asking) == (404, "not_found")
    assert refused(await ann.post("/chat/topics/none/read", json={})) == (404, "not_found")
