"""Messages are found by their words as these now stand."""

from pathlib import Path

import httpx
from sqlalchemy import select, text

from services.chat.store import words as store
from services.chat.store.tables import words
from tests.integration.chat.forum import ok, opened, posted, refused
from tests.integration.pair import pair_of


async def found(reader: httpx.AsyncClient, q: str, **more: str) -> list[str]:
    page = await ok(await reader.get("/chat/search", params={"q": q, **more}))
    return [message["text"] for message in page["items"]]


async def test_all_words_must_be_there_in_any_case_accent_or_order(
    ann: httpx.AsyncClient, bob: httpx.AsyncClient
) -> None:
    topic, other = await opened(ann, "Résumés"), await opened(ann, "Other")
    first = await posted(ann, topic, "Café résumé of $AAPL")
    await posted(bob, other, "cafe, no more")
    await posted(bob, other, "Прибыль растёт 日本")
    assert sorted(await found(bob, "CAFE")) == ["Café résumé of $AAPL", "cafe, no more"]
    assert await found(bob, "resume café") == ["Café résumé of $AAPL"]
    assert await found(bob, "cafe", topic_id=other["id"]) == ["cafe, no more"]
    assert await found(bob, "$aapl") == await found(bob, "aapl") == ["Café résumé of $AAPL"]
    assert await found(bob, "ПРИБЫЛЬ") == await found(bob, "本") == ["Прибыль растёт 日本"]
    assert await found(bob, "cafe profit") == await found(bob, "caf") == []
    (item,) = (await ok(await bob.get("/chat/search", params={"q": "resume"})))["items"]
    assert (item["id"], item["topic_title"], item["my_reactions"]) == (first["id"], "Résumés", [])


async def test_what_is_edited_is_found_by_its_new_words_and_what_is_removed_by_none(ann: httpx.AsyncClient) -> None:
    message = await posted(ann, await opened(ann), "up and up")
    path = f"/chat/messages/{message['id']}"
    await ok(await ann.patch(path, json={"text": "down and up"}))
    assert await found(ann, "up") == await found(ann, "down") == ["down and up"]
    await ok(await ann.patch(path, json={"text": "down"}))
    assert await found(ann, "up") == []
    await ok(await ann.delete(path))
    assert await found(ann, "down") == []


async def test_what_is_found_comes_newest_first_and_page_by_page(ann: httpx.AsyncClient) -> None:
    topic = await opened(ann)
    sent = [(await posted(ann, topic, f"news {number}"))["id"] for number in range(5)]
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = await ok(await ann.get("/chat/search", params={"q": "news", "limit": "2", **cursor}))
        seen += [message["id"] for message in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert seen == sorted(sent, reverse=True)


async def test_a_search_needs_words(ann: httpx.AsyncClient) -> None:
    assert refused(await ann.get("/chat/search")) == (422, "invalid")
    assert refused(await ann.get("/chat/search", params={"q": "!"})) == (422, "no_words")
    many = " ".join(map(str, range(40)))
    assert refused(await ann.get("/chat/search", params={"q": many})) == (422, "too_many_words")
    assert refused(await ann.get("/chat/search", params={"q": "a", "cursor": "x"})) == (404, "bad_cursor")


async def test_messages_from_before_there_was_a_search_are_found(tmp_path: Path) -> None:
    from services.kernel import migrations

    async with pair_of(tmp_path, "chat") as (database, _):
        row = "('01zzzzzzzzzzzzzzzzzzzzzzzz', 't', 'ann', 'Old news', 1, 1)"

        def go_back(connection: object) -> None:
            run = connection.execute  # type: ignore[attr-defined]
            run(text(f"INSERT INTO messages (message_id, topic_id, author_id, text, posted, seal) VALUES {row}"))
            run(text("DROP TABLE words"))
            run(text("UPDATE alembic_version SET version_num = '0006_moderation'"))

        await database.change_schema(go_back)
        await migrations.upgrade(database, "chat")
        async with database.reading() as connection:
            rows = [tuple(row) for row in await connection.execute(select(words))]
        assert rows == store.rows_of("01zzzzzzzzzzzzzzzzzzzzzzzz", ["news", "old"])
