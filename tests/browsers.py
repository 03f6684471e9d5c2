"""Headless Chromium of the system's packages, and what an app served by textual-serve shows in it."""

import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, Request, WebSocket, async_playwright

from tests.cells import Cells
from tests.containers import required
from tests.eventually import PATIENCE, eventually

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOCAL = {"127.0.0.1", "localhost", "[::1]"}
SIZE = (1400, 800)
OFFLINE = ("--disable-background-networking", "--disable-component-update", "--no-first-run")


class Tab:
    """A page with a terminal: its cells are followed from what the server sends, clicks go to a cell."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.cells = Cells()
        self.columns = self.lines = 0
        self.asked: list[str] = []
        """Every address that the page wanted."""
        page.on("request", self._request)
        page.on("websocket", self._socket)

    @property
    def outside(self) -> list[str]:
        """Addresses of other machines."""
        return [url for url in self.asked if urlsplit(url).hostname not in LOCAL | {None}]

    def _request(self, request: Request) -> None:
        self.asked.append(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self.asked.append(socket.url)
        socket.on("framereceived", self._received)
        socket.on("framesent", self._sent)

    def _received(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            self.cells.feed(frame)

    def _sent(self, frame: str | bytes) -> None:
        kind, said = json.loads(frame)
        if kind == "resize":
            self.columns, self.lines = said["width"], said["height"]

    async def type(self, text: str) -> None:
        """Characters as they are, into the terminal."""
        await self.page.keyboard.type(text)

    async def press(self, *keys: str) -> None:
        """Keys by Playwright's names: Enter, Escape, Tab, Control+c, ArrowUp."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def click(self, text: str) -> None:
        """The middle of this text, where it is shown."""
        row, column = await eventually(lambda: self.cells.find(text), every=0.05)
        box = await self.page.locator(".xterm-screen").bounding_box()
        assert box is not None
        assert self.columns, "the page has told its size"
        across, down = (column + len(text) / 2) / self.columns, (row + 0.5) / self.lines
        await self.page.mouse.click(box["x"] + across * box["width"], box["y"] + down * box["height"])

    async def shows(self, pattern: str, timeout: float = PATIENCE) -> re.Match[str]:
        """What the pattern finds on the screen, as soon as it does; else AssertionError with what is seen."""
        try:
            return await eventually(lambda: re.search(pattern, self.cells.text), timeout, every=0.05)
        except AssertionError as error:
            raise AssertionError(f"{pattern!r} is not seen within {timeout:g} s in:\n{self.cells.text}") from error


@asynccontextmanager
async def tab() -> AsyncIterator[Tab]:
    """An empty page in a browser of its own."""
    # Root, as in a container, has no namespace of its own to lock a page into; what is opened is ours.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=[*flags, *OFFLINE])
        try:
            yield Tab(await browser.new_page(viewport={"width": SIZE[0], "height": SIZE[1]}))
        finally:
            await browser.close()


def chromium() -> str:
    """Its path; the test is skipped where there is none, and fails where nothing may be left out."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found:
        return found
    if required():
        pytest.fail("chromium is not installed, and TRADECTL_REQUIRE_ENGINE is set")
    pytest.skip("chromium is not installed: apt-get install chromium")
