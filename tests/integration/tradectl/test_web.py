"""A page of a Textual app in a browser: it works, is for this machine and its key's holder, and asks nobody else."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from tests.browsers import tab
from tests.eventually import eventually
from tests.integration.tradectl import drawn_page
from tradectl.tui.web import Web, listener

PAGE = (sys.executable, str(Path(drawn_page.__file__)))


@asynccontextmanager
async def served() -> AsyncIterator[Web]:
    """The small app on a port of its own."""
    listening = listener()
    web, ready = Web(PAGE, listening), asyncio.Event()
    task = asyncio.create_task(web.serving(lambda _: ready.set()))
    try:
        await ready.wait()
        yield web
    finally:
        web.stop()
        await task


def children() -> set[str]:
    """Processes that run the small app."""
    return {path.parent.name for path in Path("/proc").glob("[0-9]*/cmdline") if PAGE[1].encode() in read(path)}


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has just ended
        return b""


async def test_a_browser_types_and_clicks_and_asks_nobody_else() -> None:
    async with served() as web, tab() as page:
        await page.page.goto(web.url)
        await page.shows("type here")
        await page.type("12.5")
        await page.shows(r"12\.5")
        await page.click("Say it")
        await page.shows(r"said: 12\.5")
        assert page.asked
        assert page.outside == []


async def test_a_page_that_is_left_ends_its_process_and_so_does_the_server() -> None:
    before = children()
    async with aiohttp.ClientSession() as client:
        async with served() as web:
            address = f"{web.url}ws?width=80&height=24"
            async with client.ws_connect(address) as left:
                assert await left.receive_bytes()
                assert children() > before
            await eventually(lambda: children() == before)
            going = await client.ws_connect(address)
            assert await going.receive_bytes()
        assert children() == before
        await going.close()


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("{key}/", {}, 200),
        ("", {}, 404),
        ("ws", {}, 404),
        ("wrong/ws", {}, 404),
        ("static/", {}, 403),
        ("{key}/", {"Host": "evil.example"}, 403),
        ("{key}/ws", {"Origin": "http://evil.example"}, 403),
        ("{key}/ws", {"Origin": "null"}, 403),
    ],
)
async def test_only_this_machine_s_pages_with_the_key_are_let_in(
    path: str, headers: dict[str, str], status: int
) -> None:
    async with served() as web, aiohttp.ClientSession() as client:
        answer = await client.get(f"{web.public_url}/{path.format(key=web.key)}", headers=headers)
        assert answer.status == status


async def test_it_listens_on_loopback_alone() -> None:
    async with served() as web:
        assert web.listening.getsockname()[0] == "127.0.0.1"
        with pytest.raises(OSError, match="Address already in use"):
            listener(web.listening.getsockname()[1])
