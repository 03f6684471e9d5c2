"""Alerts: by HTTP to their users, by quotes and bars to themselves; each firing is told once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from random import Random
from typing import Any

import httpx
import msgspec
import pytest
from sqlalchemy import insert, text
from sqlalchemy.dialects import mysql, sqlite

from services.contracts.envelope import Envelope
from services.contracts.events.market_data import BarClosed, QuoteSnapshot
from services.contracts.market import Bar, Quote
from services.kernel import migrations
from services.kernel.database import Database
from services.kernel.uow import UnitOfWork
from services.notifications.domain.alerts import Alert, Condition, Sight, watched
from services.notifications.handlers import Alerts, Notifier
from services.notifications.handlers.messages import keep_profile
from services.notifications.store import alerts as store
from services.notifications.store.tables import alerts as table
from services.runtime.clock import WALL, wall
from services.runtime.resources import Running
from tests import parts
from tests.eventually import eventually
from tests.integration.neighbours import BTCUSDT, Neighbourhood, enveloped, settled
from tests.integration.notifications.desk import FAST, Post, post_office, profile, service
from tests.integration.pair import Pair, pair_of
from tests.integration.people import client, state_of

LATER = 24 * 3600 * 1_000_000
"""From now on, so that a quote is newer than every alert."""


def quote(last: int, after: int = 1, reference: int = 20_000, symbol: str = "AAPL") -> QuoteSnapshot:
    seen = Quote(
        symbol=symbol,
        seq=after,
        time=wall() + LATER + after,
        bid=last - 1,
        bid_size=1,
        ask=last + 1,
        ask_size=1,
        last=last,
        previous_close=reference,
    )
    return QuoteSnapshot(symbol=symbol, quote=seen)


def bar(high: int, low: int, start: int) -> BarClosed:
    shown = Bar(symbol="AAPL", interval="1m", start=start, open=low, high=high, low=low, close=low, volume=1, trades=1)
    return BarClosed(symbol="AAPL", bar=shown)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[tuple[Neighbourhood, Running, Post]]:
    limited = FAST | {"notifications.max_alerts": "4"}
    async with post_office(tmp_path, limited) as (around, post), service(around) as running:
        await around.publish(profile(), profile("boris", "ru"))
        await settled(running)
        yield around, running, post


@pytest.fixture
def around(office: tuple[Neighbourhood, Running, Post]) -> Neighbourhood:
    return office[0]


@pytest.fixture
def running(office: tuple[Neighbourhood, Running, Post]) -> Running:
    return office[1]


@pytest.fixture
async def ann(running: Running) -> AsyncIterator[httpx.AsyncClient]:
    async with client(running, "ann") as user:
        yield user


def wanted(condition: str = "price_above", threshold: str = "201.00", **fields: str) -> dict[str, str]:
    return {"symbol": "AAPL", "condition": condition, "threshold": threshold} | fields


async def made(user: httpx.AsyncClient, *arguments: str, **fields: str) -> dict[str, Any]:
    answer = await user.post("/alerts", json=wanted(*arguments, **fields))
    assert answer.status_code == 201, answer.text
    alert: dict[str, Any] = answer.json()
    return alert


async def shows(user: httpx.AsyncClient, alert: dict[str, Any], status: str, fires: int) -> bool:
    found = (await user.get(f"/alerts/{alert['id']}")).json()
    return (found["status"], found["fires"]) == (status, fires)


async def told(user: httpx.AsyncClient) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await user.get("/notifications")).json()["items"]
    return items


async def test_an_alert_fires_at_its_threshold_and_is_told_once_by_each_channel(
    office: tuple[Neighbourhood, Running, Post], ann: httpx.AsyncClient
) -> None:
    around, running, post = office
    alert = await made(ann)
    assert alert["created_at"].endswith("Z")
    expected = {"condition": "price_above", "threshold": "201.00", "repeat": "once", "status": "armed", "fires": 0}
    assert {name: alert[name] for name in expected} == expected
    envelopes = await around.publish(quote(20_099), quote(20_105, 2))
    await eventually(lambda: shows(ann, alert, "done", 1))
    await around.deliver(envelopes)
    await around.publish(quote(20_000, 3), quote(20_200, 4), bar(20_300, 20_000, wall() + LATER))
    (mail,) = await post.arrived("ann@example.org")
    assert mail["subject"] == "AAPL is at 201.05"
    assert mail["text"].strip() == "AAPL has risen to 201.05 USD. Your alert was for 201.00 or more."
    await settled(running)
    (shown,) = await told(ann)
    assert (shown["kind"], shown["title"]) == ("alert_price_above", "AAPL is at 201.05")
    assert len(await post.mails("ann@example.org")) == 1


async def test_words_are_in_the_users_language(office: tuple[Neighbourhood, Running, Post]) -> None:
    around, running, post = office
    async with client(running, "boris") as boris:
        await made(boris, "change_below", "-1.5")
        await around.publish(quote(19_700))
        (mail,) = await post.arrived("boris@example.org")
    assert mail["subject"] == "AAPL: -1.50 %"
    assert mail["text"].strip() == "AAPL: 197.00 USD, -1.50 % за день. Вы просили сообщить с -1.50 % и ниже."


async def test_one_that_rearms_fires_again_once_the_price_was_back(
    around: Neighbourhood, ann: httpx.AsyncClient
) -> None:
    alert = await made(ann, "price_above", "200.00", repeat="rearm")
    for after, (last, status, fires) in enumerate(
        [(20_000, "waiting", 1), (19_960, "armed", 1), (20_001, "waiting", 2)], 1
    ):
        await around.publish(quote(last, 10 * after), quote(20_000 if status == "waiting" else 19_999, 10 * after + 1))
        await eventually(lambda: shows(ann, alert, status, fires))  # noqa: B023
    assert len(await told(ann)) == 2


async def test_a_minute_fires_what_no_quote_has_shown_and_nothing_from_before_the_alert(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    old = bar(20_500, 19_000, wall() - 60_000_000)
    alert, other = await made(ann), await made(ann, "price_below", "195.00")
    await around.publish(old)
    await settled(running)
    assert await shows(ann, alert, "armed", 0)
    closed = await around.publish(bar(20_500, 19_600, wall() + LATER))
    await eventually(lambda: shows(ann, alert, "done", 1))
    await around.deliver(closed)
    await settled(running)
    assert await shows(ann, other, "armed", 0)
    (shown,) = await told(ann)
    assert shown["title"] == "AAPL is at 205.00"


async def test_what_is_not_known_of_a_user_yet_is_waited_for(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    async with client(running, "carl") as carl:
        alert, hers = await made(carl), await made(ann)
        await around.publish(quote(20_100))
        await eventually(lambda: shows(ann, hers, "done", 1))
        assert await shows(carl, alert, "armed", 0)
        await around.publish(profile("carl"))
        await settled(running)
        await around.publish(quote(20_100, 2))
        await eventually(lambda: shows(carl, alert, "done", 1))


REFUSED: list[tuple[object, int, str, str | None]] = [
    (wanted(threshold="0"), 422, "invalid_threshold", "threshold"),
    (wanted(threshold="-5"), 422, "invalid_threshold", "threshold"),
    (wanted(threshold="1.001"), 422, "invalid_threshold", "threshold"),
    (wanted(threshold="9" * 18), 422, "invalid_threshold", "threshold"),
    (wanted("change_below", "-100"), 422, "invalid_threshold", "threshold"),
    (wanted("change_above", "0.001"), 422, "invalid_threshold", "threshold"),
    (wanted(threshold="1e3"), 422, "invalid", "threshold"),
    (wanted(symbol="NONE"), 422, "unknown_symbol", "symbol"),
    (wanted(symbol="aapl"), 422, "invalid", "symbol"),
    (wanted("price_at"), 422, "invalid", "condition"),
    (wanted(repeat="always"), 422, "invalid", "repeat"),
    (wanted(extra="1"), 422, "invalid", "extra"),
    ({"symbol": "AAPL", "condition": "price_above", "threshold": 5}, 422, "invalid", "threshold"),
    ([], 422, "invalid", "body"),
]


async def test_an_alert_that_cannot_be_is_refused_with_its_field(running: Running, ann: httpx.AsyncClient) -> None:
    for body, status, code, field in REFUSED:
        answer = await ann.post("/alerts", json=body)
        problem = answer.json()
        assert (answer.status_code, problem["code"], problem["field"]) == (status, code, field), body
    assert not (await state_of(running)).get("alerts")


async def test_a_user_has_so_many_alerts_and_no_more_however_many_are_asked_for_at_once(
    ann: httpx.AsyncClient,
) -> None:
    answers = await asyncio.gather(*(ann.post("/alerts", json=wanted()) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers) == [201] * 4 + [422] * 4
    assert {answer.json()["code"] for answer in answers if answer.status_code == 422} == {"too_many_alerts"}
    (alert, *_) = [answer.json() for answer in answers if answer.status_code == 201]
    deleted = await ann.delete(f"/alerts/{alert['id']}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert (await ann.delete(f"/alerts/{alert['id']}")).status_code == 404
    await made(ann)
    assert (await ann.post("/alerts", json=wanted())).status_code == 422


async def test_the_same_key_makes_one_alert(ann: httpx.AsyncClient) -> None:
    key = {"Idempotency-Key": "first"}
    first, again = [await ann.post("/alerts", json=wanted(), headers=key) for _ in range(2)]
    assert (again.status_code, again.json()) == (201, first.json())
    other = await ann.post("/alerts", json=wanted(threshold="5"), headers=key)
    assert (other.status_code, other.json()["code"]) == (409, "idempotency_conflict")


async def test_alerts_are_listed_newest_first_and_anothers_are_not_there(
    around: Neighbourhood, running: Running, ann: httpx.AsyncClient
) -> None:
    mine = [await made(ann, threshold=f"{number}.00") for number in range(301, 305)]
    seen: list[str] = []
    query = "?limit=3"
    while query:
        page = (await ann.get(f"/alerts{query}")).json()
        seen += [each["id"] for each in page["items"]]
        query = f"?limit=3&cursor={page['next']}" if page["next"] else ""
    assert seen == sorted((each["id"] for each in mine), reverse=True)
    async with client(running, "boris") as boris:
        path = f"/alerts/{mine[0]['id']}"
        assert [(await boris.get(path)).status_code, (await boris.delete(path)).status_code] == [404, 404]
        assert (await boris.get("/alerts")).json() == {"items": [], "next": None}
        await made(boris, threshold="290.00")
        await around.publish(quote(29_500))
        await eventually(lambda: told(boris))
    assert await told(ann) == []
    async with client(running, None) as stranger:
        assert (await stranger.get("/alerts")).status_code == 401


def alert_of(number: int, chance: Random, condition: Condition) -> Alert:
    armed = chance.random() < 0.7
    return Alert(
        alert_id=f"alert-{number}",
        user_id="ann",
        symbol=chance.choice(["AAPL", BTCUSDT.symbol]),
        currency="USD",
        price_scale=2,
        condition=condition,
        threshold=1,
        rearm_at=1,
        repeat="rearm",
        created=1,
        armed=armed,
        watch=watched(condition, armed=armed),
        level=chance.randint(1, 200),
        since=chance.randint(1, 4),
    )


def meets(alert: Alert, sight: Sight) -> bool:
    """As anybody would say it."""
    if alert.symbol != sight.symbol or alert.since > sight.time or (sight.whole and not alert.armed):
        return False
    match alert.watch:
        case "price_up":
            return alert.level <= sight.high
        case "price_down":
            return alert.level >= sight.low
        case "change_up":
            return sight.rise is not None and alert.level <= sight.rise
        case "change_down":
            return sight.fall is not None and alert.level >= sight.fall
    return False


async def written(database: Database, many: int, chance: Random) -> list[Alert]:
    conditions: tuple[Condition, ...] = ("price_above", "price_below", "change_above", "change_below")
    new = [alert_of(number, chance, chance.choice(conditions)) for number in range(many)]

    async def add(uow: UnitOfWork) -> None:
        await uow.execute(insert(table), [{**msgspec.structs.asdict(each), "armed": int(each.armed)} for each in new])

    await database.transact(add)
    return new


@pytest.fixture
async def pair(tmp_path: Path) -> AsyncIterator[Pair]:
    async with pair_of(tmp_path, "notifications") as opened:
        yield opened


async def test_a_price_finds_just_those_that_wait_for_it(pair: Pair) -> None:
    chance = Random(5)
    all_of_them = await written(pair[0], 200, chance)
    for turn in range(60):
        low = chance.randint(1, 200)
        whole = turn % 3 == 0
        change = None if whole else chance.randint(1, 200)
        sight = Sight(
            symbol="AAPL",
            time=chance.randint(0, 5),
            high=low + whole * chance.randint(0, 20),
            low=low,
            rise=change,
            fall=change,
            whole=whole,
        )
        async with pair[0].reading() as connection:
            found = await store.crossed(connection, sight)
        assert sorted(each.alert_id for each in found) == sorted(
            each.alert_id for each in all_of_them if meets(each, sight)
        )
        assert all(each == next(one for one in all_of_them if one.alert_id == each.alert_id) for each in found)


async def test_a_price_touches_only_what_it_has_reached(tmp_path: Path) -> None:
    """By the database's own plan."""
    database = Database(parts.of(tmp_path).bare_database("notifications"), WALL)
    try:
        await migrations.upgrade(database, "notifications")
        await written(database, 3_000, Random(1))
        kind = mysql.dialect() if parts.real() else sqlite.dialect()
        asked = store.CROSSED.params(of_symbol="AAPL", at=9, only_armed=0, high=3, low=198, rise=3, fall=198)
        query = asked.compile(dialect=kind, compile_kwargs={"literal_binds": True})
        plan = "EXPLAIN FORMAT=TRADITIONAL" if parts.real() else "EXPLAIN QUERY PLAN"
        async with database.reading() as connection:
            if parts.real():
                await connection.execute(text("ANALYZE TABLE alerts"))
            rows = [str(row) for row in await connection.execute(text(f"{plan} {query}"))]
        ranges = "'range'" if parts.real() else "(symbol=? AND watch=? AND level"
        assert sum("alerts_level" in row and ranges in row for row in rows) == 4, rows
        assert not any("SCAN alerts" in row for row in rows), rows
    finally:
        await database.close()


async def test_two_processes_that_see_the_same_price_tell_it_once(pair: Pair) -> None:
    chance = Random(3)
    both = [Alerts(each, Notifier(lambda: None, lambda _: None).send) for each in pair]
    await pair[0].transact(keep_profile, profile(), enveloped(profile()))
    await written(pair[0], 100, chance)
    envelopes: list[Envelope] = [
        enveloped(quote(chance.randint(1, 200), after, reference=100)) for after in range(1, 30)
    ]
    for envelope in envelopes:
        await asyncio.gather(*(each.on_quotes([envelope]) for each in both))
    async with pair[0].reading() as connection:
        fired = (await connection.execute(text("SELECT sum(fires) FROM alerts"))).scalar_one()
        shown = (await connection.execute(text("SELECT count(*) FROM notifications"))).scalar_one()
        mails = (await connection.execute(text("SELECT count(*) FROM deliveries"))).scalar_one()
    assert fired == shown == mails > 50
