"""An alert, from the market to the user's mail."""

from decimal import Decimal

from tests.e2e.tool import Tool
from tests.e2e.trading import PATIENCE, Place
from tests.eventually import eventually


async def test_a_price_that_is_reached_is_told_in_the_app_and_by_mail_and_one_far_away_is_not(platform: Tool) -> None:
    place = Place(platform)
    async with place.client() as http:
        trader = await place.trader(http, "watcher", 1).enter()
        bid, _ = trader.quotes["BTCUSDT"]
        half = {"symbol": "BTCUSDT", "threshold": str((bid / 2).quantize(Decimal("0.01")))}
        near = half | {"condition": "price_above", "repeat": "rearm"}
        far = half | {"condition": "price_below"}
        fires, waits = [await trader.ok("POST", "/alerts", body) for body in (near, far)]

        async def fired() -> bool:
            return bool((await trader.ok("GET", f"/alerts/{fires['id']}"))["fires"])

        await eventually(fired, PATIENCE)
        (told,) = [
            each for each in (await trader.ok("GET", "/notifications"))["items"] if each["kind"] == "alert_price_above"
        ]

        async def mailed() -> bool:
            return told["title"] in {mail["subject"] for mail in await trader.mails()}

        await eventually(mailed, PATIENCE)
        items = {each["id"]: each for each in (await trader.ok("GET", "/alerts"))["items"]}
        assert (items[fires["id"]]["status"], items[fires["id"]]["fires"]) == ("waiting", 1)
        assert (items[waits["id"]]["status"], items[waits["id"]]["fires"]) == ("armed", 0)
        assert (await trader.send("DELETE", f"/alerts/{waits['id']}")).status_code == 204
        assert (await trader.send("GET", f"/alerts/{waits['id']}")).status_code == 404
    report = place.audit()
    assert (report.differences, report.in_flight) == ([], [])
