"""What a bot sees of the operators' chat, and who reads there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest

from tests.breaking import broken, mend
from tests.integration.sim.outside import outside

pytestmark = pytest.mark.usefixtures("mended")
SEND = "/telegram/bot123456789:" + "A" * 35 + "/sendMessage"
HOOK = "/slack/services/T00000000/B00000000/" + "a" * 24


@asynccontextmanager
async def chat(state: Path) -> AsyncIterator[httpx.AsyncClient]:
    async with (
        outside(state, "chatops") as ports,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{ports['chatops.http']}", trust_env=False) as client,
    ):
        yield client


async def test_what_bots_say_is_kept_in_its_order_and_outlives_the_process(tmp_path: Path) -> None:
    async with chat(tmp_path) as client:
        sent = await client.post(SEND, json={"chat_id": "-1001", "text": "<b>Down</b>\nwhy", "parse_mode": "HTML"})
        assert sent.json()["ok"] is True
        assert sent.json()["result"]["chat"]["id"] == -1001
        taken = await client.post(HOOK, json={"attachments": [{"title": "Down", "text": "why", "color": "danger"}]})
        assert (taken.status_code, taken.text) == (200, "ok")
    async with chat(tmp_path) as client:
        items = (await client.get("/messages")).json()["items"]
        assert [(each["service"], each["title"], each["text"]) for each in items] == [
            ("telegram", "Down", "why"),
            ("slack", "Down", "why"),
        ]
        only = (await client.get("/messages", params={"service": "slack"})).json()["items"]
        assert [each["id"] for each in only] == [2]
        one = (await client.get("/messages/1")).json()
        assert one["payload"]["parse_mode"] == "HTML"
        assert (await client.get("/messages/3")).status_code == 404


async def test_what_is_not_of_its_form_is_refused_and_not_kept(tmp_path: Path) -> None:
    async with chat(tmp_path) as client:
        refused = await client.post(SEND, json={"chat_id": "-1001", "text": "<b>open", "parse_mode": "HTML"})
        assert refused.status_code == 400
        assert refused.json()["description"].startswith("Bad Request: can't parse entities")
        assert (await client.post(SEND.replace("A", ""), json={"chat_id": "1", "text": "x"})).status_code == 401
        assert (await client.post(HOOK, content=b"{")).text == "invalid_payload"
        assert (await client.post(HOOK, json={"text": "x" * 70_000})).text == "invalid_payload"
        assert (await client.get("/messages")).json() == {"items": []}


async def test_the_page_shows_what_was_said_and_nothing_that_was_sent_can_break_it(tmp_path: Path) -> None:
    async with chat(tmp_path) as client:
        assert "Nobody has said anything" in (await client.get("/")).text
        await client.post(HOOK, json={"text": "<script>alert(1)</script>"})
        page = await client.get("/")
        assert page.headers["content-type"].startswith("text/html")
        assert "<script>" not in page.text
        assert "&lt;script&gt;" in page.text
        await client.delete("/messages")
        assert "Nobody has said anything" in (await client.get("/")).text


async def test_while_it_is_disturbed_bots_are_turned_away(tmp_path: Path) -> None:
    async with chat(tmp_path) as client:
        broken("chatops", "chatops.refuse")
        assert (await client.post(HOOK, json={"text": "hello"})).status_code == 503
        assert (await client.post(SEND, json={"chat_id": "1", "text": "x"})).json()["ok"] is False
        mend("chatops")
        assert (await client.post(HOOK, json={"text": "hello"})).status_code == 200
