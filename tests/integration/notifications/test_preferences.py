"""By which channels users are told what."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest

from services.contracts.events.auth import UserVerified
from services.contracts.events.orders import OrderCancelled
from services.notifications.domain import preferences
from services.runtime.resources import Running
from tests.eventually import eventually
from tests.integration.neighbours import Neighbourhood
from tests.integration.notifications.desk import Post, order_filled, post_office, profile, registered, service
from tests.integration.people import client, state_of
from tests.integration.portfolio.desk import order

PATH = "/notifications/preferences"
Desk = tuple[Neighbourhood, Running, Post]
ALL = {"email": True, "push": True, "in_app": True}


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    async with post_office(tmp_path) as (around, post), service(around) as running:
        await around.publish(profile("ann"), profile("bob"))
        yield around, running, post


@pytest.fixture
async def ann(desk: Desk) -> AsyncIterator[httpx.AsyncClient]:
    async with client(desk[1], "ann") as reader:
        yield reader


async def choose(user: httpx.AsyncClient, **kinds: Sequence[str]) -> dict[str, Any]:
    """Kinds by the channels that stay on."""
    wanted = {kind: {channel: channel in channels for channel in ALL} for kind, channels in kinds.items()}
    answer = await user.put(PATH, json={"kinds": wanted})
    assert answer.status_code == 200, answer.text
    chosen: dict[str, Any] = answer.json()["kinds"]
    return chosen


async def told(user: httpx.AsyncClient) -> list[str]:
    return [item["kind"] for item in (await user.get("/notifications")).json()["items"]]


async def test_everything_is_on_until_its_user_chooses_anew_for_all_kinds(desk: Desk, ann: httpx.AsyncClient) -> None:
    kinds = (await ann.get(PATH)).json()["kinds"]
    assert all(channels == ALL for channels in kinds.values())
    assert kinds.keys() == set(preferences.KINDS_TO_CHOOSE)
    chosen = await choose(ann, order_filled=["in_app"], welcome=[])
    assert chosen["order_filled"] == {"email": False, "push": False, "in_app": True}
    assert chosen == (await ann.get(PATH)).json()["kinds"]
    chosen = await choose(ann, welcome=["email", "push", "in_app"])
    assert all(channels == ALL for channels in chosen.values())
    async with client(desk[1], "bob") as bob:
        assert (await bob.get(PATH)).json()["kinds"] == kinds


async def test_what_is_told_takes_the_channels_that_are_on(desk: Desk, ann: httpx.AsyncClient) -> None:
    around, running, post = desk
    await choose(ann, order_filled=["in_app"], order_cancelled=["email"], welcome=[])
    cancelled = OrderCancelled(order=order(number=2))
    await around.publish(order_filled(), cancelled, UserVerified(user_id="ann"), order_filled(3))

    async def all_there() -> bool:
        return await told(ann) == ["order_filled", "order_filled"]

    await eventually(all_there)
    (mail,) = await post.arrived("ann@example.org")
    assert mail["subject"] == "Buy AAPL: cancelled"
    tables = await state_of(running)
    assert sorted(row["kind"] for row in tables["notifications"]) == ["order_cancelled", *["order_filled"] * 2]
    assert len(tables["deliveries"]) == 1
    unread = (await ann.get("/notifications")).json()["unread"]
    assert unread == 2


async def test_a_code_goes_by_mail_alone_whatever_was_chosen(desk: Desk) -> None:
    around, running, post = desk
    async with client(running, "carl") as carl:
        await choose(carl, **dict.fromkeys(set(preferences.KINDS_TO_CHOOSE) - preferences.SECURITY, ()))
        await around.publish(registered("carl"))
        assert len(await post.arrived("carl@example.org")) == 1
        assert await told(carl) == []


async def test_security_mail_cannot_be_switched_off(
    desk: Desk, ann: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.notifications.handlers.preferences.SECURITY", frozenset({"welcome"}))
    answer = await ann.put(PATH, json={"kinds": {"welcome": {"email": False}}})
    assert (answer.status_code, answer.json()["code"]) == (422, "security_mail")
    chosen = await choose(ann, welcome=["email"])
    assert chosen["welcome"] == {"email": True, "push": False, "in_app": False}


REFUSED: list[tuple[object, str]] = [
    ({}, "invalid"),
    ({"kinds": []}, "invalid"),
    ({"kinds": {"welcome": {"email": 1}}}, "invalid"),
    ({"kinds": {"welcome": {"email": "yes"}}}, "invalid"),
    ({"kinds": {"welcome": {"fax": True}}}, "invalid"),
    ({"kinds": {"welcome": {}}, "always": []}, "invalid"),
    ({"kinds": {"x" * 33: {}}}, "invalid"),
    ({"kinds": {f"k{number}": {} for number in range(101)}}, "invalid"),
    ({"kinds": {"verification": {}}}, "unknown_kind"),
    ({"kinds": {"weather": {}}}, "unknown_kind"),
]


async def test_what_cannot_be_chosen_is_a_problem_with_a_code(desk: Desk, ann: httpx.AsyncClient) -> None:
    for body, code in REFUSED:
        answer = await ann.put(PATH, json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, code), body
    assert "preferences" not in {name for name, rows in (await state_of(desk[1])).items() if rows}
    async with client(desk[1], None) as stranger:
        assert (await stranger.get(PATH)).status_code == 401
