"""Money out of the platform, through the one door."""

from decimal import Decimal

import pytest

from tests.e2e.tool import Tool
from tests.e2e.trading import PATIENCE, Json, Place, Trader
from tests.eventually import eventually


async def answered(trader: Trader, made: Json) -> Json:
    """The withdrawal, once the risk ledger has decided."""

    async def decided() -> Json | None:
        found: Json = await trader.ok("GET", f"/portfolio/withdrawals/{made['id']}")
        return found if found["status"] != "requested" else None

    return await eventually(decided, PATIENCE)


async def dollars(trader: Trader) -> Json:
    portfolio = await trader.ok("GET", "/portfolio")
    found: Json = next(row for row in portfolio["cash"] if row["currency"] == "USD")
    return found


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_only_free_money_leaves_and_its_owner_is_told(platform: Tool, language: str) -> None:
    place = Place(platform)
    async with place.client() as http:
        trader = await place.trader(http, f"payee-{language}", 1).enter()
        await trader.ok("PATCH", "/me", {"language": language})
        await eventually(place.sources().settled(), PATIENCE)  # notifications know that
        resting = await trader.place("resting", "AAPL", "buy", 100, trader.away("AAPL", "buy", 3))
        before = await dollars(trader)
        everything = Decimal(before["total"])
        too_much = await trader.send("POST", "/portfolio/withdrawals", {"asset": "USD", "amount": "9999999"}, "no")
        assert (too_much.status_code, too_much.json()["code"]) == (422, "insufficient_cash")
        declined = await answered(trader, await trader.withdraw("all", "USD", everything))
        assert (declined["status"], declined["reason"]) == ("declined", "insufficient_cash")
        paid = await answered(trader, await trader.withdraw("some", "USD", Decimal("1000.50")))
        assert (paid["status"], paid["amount"]) == ("settled", "1000.50")
        assert Decimal((await dollars(trader))["total"]) == everything - Decimal("1000.50")
        assert (await trader.ok("GET", f"/orders/{resting['id']}"))["status"] in {"pending_new", "new"}
        await told(trader, language)
    report = place.audit()
    assert (report.differences, report.in_flight) == ([], [])
    assert report.counted["portfolio.withdrawals"] >= 2


async def told(trader: Trader, language: str) -> None:
    """Both, in the app and by mail."""
    titles = {"en": {"Withdrawal done", "Withdrawal declined"}, "ru": {"Средства выведены", "Вывод отклонён"}}[language]

    async def shown() -> bool:
        found = {each["title"] for each in (await trader.ok("GET", "/notifications"))["items"]}
        return titles <= found and titles <= {mail["subject"] for mail in await trader.mails()}

    await eventually(shown, PATIENCE)
