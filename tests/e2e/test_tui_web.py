"""The trader's terminal in a browser: a click signs in, a typed order is sent by a click, and nobody else is asked."""

import subprocess

from tests.browsers import tab
from tests.e2e.tool import Tool


async def test_a_trader_clicks_and_types_an_order_in_a_browser(platform: Tool) -> None:
    with platform.running("tui", "--web") as serving:
        address = address_of(serving)
        async with tab() as page:
            await page.page.goto(address)
            await page.shows("Sign in")
            await page.click("Demo account")
            await page.shows("live")
            await page.click("Trade")
            await page.shows("Orders")
            await page.press("t")
            await page.shows("Ticket AAPL(.|\n)*Send")  # its key line: it has the keys now
            await page.type("2")
            await page.shows(r"Cost at most +\d")
            await page.click("Send")
            await page.shows(r"AAPL +Buy .*filled")
            assert page.outside == []
        serving.terminate()
        assert serving.wait(20) == 0


def address_of(serving: subprocess.Popen[str]) -> str:
    """What it prints first."""
    assert serving.stdout is not None
    address = serving.stdout.readline().strip()
    assert address.startswith("http://127.0.0.1:")
    return address
