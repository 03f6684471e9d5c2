"""Who may change whom."""

from typing import Any

import httpx
import pytest

from services.auth import store
from services.contracts.events.auth import ProfileChanged, SessionsRevoked, UserBlocked
from services.kernel.database import Database
from services.runtime.clock import WALL
from tests.integration.auth.conftest import ADMIN
from tests.integration.bff.stack import Mailbox, Stack, bearer, logged_in, registered

PEOPLE = ("trader", "moderator", "support", "admin")


@pytest.fixture
async def root(client: httpx.AsyncClient) -> dict[str, str]:
    """The first admin's header."""
    return bearer(await logged_in(client, ADMIN["admin_email"], password=ADMIN["admin_password"]))


@pytest.fixture
async def people(client: httpx.AsyncClient, mailbox: Mailbox, root: dict[str, str]) -> dict[str, dict[str, Any]]:
    """A user of each role, with the header of a token that has it."""
    made = {}
    for role in PEOPLE:
        email = f"{role}@example.org"
        await registered(client, mailbox, email)
        user = (await client.get("/admin/users", params={"email": email}, headers=root)).json()["items"][0]
        given = await client.patch(f"/admin/users/{user['id']}", json={"roles": [role]}, headers=root)
        assert given.json()["roles"] == [role]
        made[role] = {"id": user["id"], "header": bearer(await logged_in(client, email))}
    return made


async def test_the_first_admin_is_who_the_host_names(client: httpx.AsyncClient, root: dict[str, str]) -> None:
    me = (await client.get("/me", headers=root)).json()
    assert (me["email"], me["roles"]) == ("root@example.org", ["admin"])


BLOCK: dict[str, Any] = {"blocked": True}
PROMOTE: dict[str, Any] = {"roles": ["admin"]}
MATRIX: list[tuple[str, dict[str, Any], tuple[str, ...]]] = [
    ("trader", BLOCK, ()),
    ("moderator", BLOCK, ()),
    ("support", BLOCK, ("trader", "moderator")),
    ("admin", BLOCK, ("trader", "moderator", "support")),
    ("trader", PROMOTE, ()),
    ("moderator", PROMOTE, ()),
    ("support", PROMOTE, ()),
    ("admin", PROMOTE, ("trader", "moderator", "support")),
]


async def test_each_role_may_change_only_whom_it_may(
    client: httpx.AsyncClient, people: dict[str, dict[str, Any]], root: dict[str, str]
) -> None:
    for actor, change, allowed in MATRIX:
        for target in PEOPLE:
            url = f"/admin/users/{people[target]['id']}"
            answer = await client.patch(url, json=change, headers=people[actor]["header"])
            assert answer.status_code == (200 if target in allowed else 403), (actor, change, target, answer.text)
            await client.patch(url, json={"blocked": False, "roles": [target]}, headers=root)


async def test_only_staff_sees_the_users(client: httpx.AsyncClient, people: dict[str, dict[str, Any]]) -> None:
    for actor, status in (("trader", 403), ("moderator", 403), ("support", 200), ("admin", 200)):
        assert (await client.get("/admin/users", headers=people[actor]["header"])).status_code == status


async def test_the_users_are_paged(client: httpx.AsyncClient, people: dict[str, Any], root: dict[str, str]) -> None:
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query: dict[str, str | int] = {"limit": 2, **({"cursor": cursor} if cursor else {})}
        page = (await client.get("/admin/users", params=query, headers=root)).json()
        seen += [user["email"].partition("@")[0] for user in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["root", *PEOPLE]


async def test_a_blocked_user_is_out_at_once_and_a_demoted_admin_has_no_power_left(
    client: httpx.AsyncClient, people: dict[str, dict[str, Any]], root: dict[str, str]
) -> None:
    admin = people["admin"]
    await client.patch(f"/admin/users/{admin['id']}", json={"roles": ["trader"]}, headers=root)
    assert (await client.get("/admin/users", headers=admin["header"])).status_code == 403
    trader = people["trader"]
    await client.patch(f"/admin/users/{trader['id']}", json={"blocked": True}, headers=root)
    answer = await client.post("/auth/login", json={"email": "trader@example.org", "password": "correct horse battery"})
    assert (answer.status_code, answer.json()["code"]) == (403, "blocked")


async def test_a_block_is_logged_and_told(
    auth: Stack, client: httpx.AsyncClient, people: dict[str, dict[str, Any]], root: dict[str, str]
) -> None:
    queue = await auth.broker.listen([UserBlocked, SessionsRevoked, ProfileChanged])
    await client.patch(f"/admin/users/{people['trader']['id']}", json={"blocked": True}, headers=root)
    names: list[str] = []
    while len(names) < 3:
        names += [envelope.name for envelope in await queue.take(10) or ()]
    assert names == ["user_blocked", "sessions_revoked", "profile_changed"]
    database = Database(auth.parts.database("auth"), WALL)
    async with database.reading() as connection:
        lines = (await connection.execute(store.audit_log.select().order_by(store.audit_log.c.id))).mappings().all()
    await database.close()
    assert (lines[-1]["field"], lines[-1]["before"], lines[-1]["after"]) == ("blocked", "false", "true")
    assert [line["field"] for line in lines[:-1]] == ["roles"] * 3


async def test_an_unknown_user_and_an_unknown_role_are_refused(
    client: httpx.AsyncClient, people: dict[str, dict[str, Any]], root: dict[str, str]
) -> None:
    assert (await client.patch("/admin/users/nobody", json={"blocked": True}, headers=root)).status_code == 404
    url = f"/admin/users/{people['trader']['id']}"
    assert (await client.patch(url, json={"roles": ["root"]}, headers=root)).status_code == 422
    assert (await client.patch(url, json={"blocked": "yes"}, headers=root)).status_code == 422
