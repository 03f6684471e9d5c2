"""One answer of six services, without those that are down."""

import httpx
import pytest

from tests.integration.bff.peers import TestPeer
from tests.integration.bff.stack import Stack, bearer
from tests.integration.bff.wire import API

PARTS = ["profile", "portfolio", "orders", "watchlist", "signals", "notifications"]


@pytest.fixture
def options() -> dict[str, str]:
    return {"peers.breaker_failures": "1000"}


@pytest.fixture
async def peers(running: Stack) -> dict[str, TestPeer]:
    """The services that are not here, each with something to say."""
    made = {name: TestPeer(name) for name in ("orders", "portfolio", "recommendations", "notifications")}
    made["portfolio"].content = {"cash": [], "positions": []}
    made["notifications"].content = {
        "items": [{"id": "1", "read": False}, {"id": "2", "read": True}],
        "next": None,
        "unread": 1,
    }
    return made


async def test_every_part_is_what_its_own_route_answers(
    client: httpx.AsyncClient, peers: dict[str, TestPeer], ann: dict[str, str]
) -> None:
    answer = await client.get(f"{API}/dashboard", headers=bearer(ann))
    found = answer.json()
    assert (answer.status_code, list(found), found["unavailable"]) == (200, [*PARTS, "unavailable"], [])
    assert found["profile"] == (await client.get(f"{API}/me", headers=bearer(ann))).json()
    assert found["portfolio"] == peers["portfolio"].content
    assert found["notifications"] == {"items": [{"id": "1", "read": False}], "unread": 1}
    assert found["watchlist"] == {"items": []}
    for peer in peers.values():
        assert peer.headers["authorization"] == bearer(ann)["Authorization"]
    [(_, asked)] = peers["orders"].asked
    assert "status=new" in asked
    assert "filled&" not in asked.replace("partially_filled", "")


@pytest.mark.parametrize("name", ["orders", "portfolio", "recommendations", "notifications"])
async def test_a_part_whose_service_is_down_is_null_and_named_and_the_rest_is_served(
    client: httpx.AsyncClient, peers: dict[str, TestPeer], ann: dict[str, str], name: str
) -> None:
    part = {"recommendations": "signals"}.get(name, name)
    for broken, status in ((2, 200), (0, 503)):
        peers[name].broken, peers[name].status = broken, status
        answer = await client.get(f"{API}/dashboard", headers=bearer(ann))
        found = answer.json()
        assert (answer.status_code, found["unavailable"], found[part]) == (200, [part], None)
        assert all(found[other] is not None for other in PARTS if other != part)


async def test_a_silent_service_delays_the_answer_no_longer_than_its_own_part(
    client: httpx.AsyncClient, peers: dict[str, TestPeer], ann: dict[str, str]
) -> None:
    for name in ("orders", "recommendations"):
        peers[name].silent = True
    answer = await client.get(f"{API}/dashboard", headers=bearer(ann), timeout=15)
    assert answer.json()["unavailable"] == ["orders", "signals"]


async def test_what_a_service_refuses_is_refused_of_the_whole(
    client: httpx.AsyncClient, peers: dict[str, TestPeer], ann: dict[str, str]
) -> None:
    peers["portfolio"].status = 403
    peers["portfolio"].content = {"code": "blocked", "detail": "the account is blocked"}
    answer = await client.get(f"{API}/dashboard", headers=bearer(ann))
    assert (answer.status_code, answer.json()["code"]) == (403, "blocked")


async def test_a_stranger_sees_nothing_and_only_get_is_taken(client: httpx.AsyncClient, ann: dict[str, str]) -> None:
    assert (await client.get(f"{API}/dashboard")).status_code == 401
    answer = await client.post(f"{API}/dashboard", headers=bearer(ann))
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET")
