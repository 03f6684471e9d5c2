"""Two services of a few lines each, opened and wired as the real ones are, on files and in one process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, Depends
from sqlalchemy import Column, MetaData, String, Table, insert, select

from services.contracts.envelope import Envelope
from services.contracts.event import Event
from services.contracts.events.auth import ProfileChanged, SessionsRevoked, UserRegistered
from services.contracts.manifest import ServiceManifest
from services.kernel import migrations, service, wiring
from services.kernel.broker import broker_for
from services.kernel.peers import Peer
from services.kernel.security import Principal, User, issue, jwk, role
from services.kernel.service import Service
from services.kernel.uow import UnitOfWork
from services.kernel.web import JSON
from services.runtime import local
from services.runtime.resources import Resources, Running
from tests import parts
from tests.eventually import eventually

KEY = "the sandbox's key"
SIGNING = Ed25519PrivateKey.generate()
TRADER = Principal("u1", "s1", frozenset({"trader"}))
metadata = MetaData()
names = Table("names", metadata, Column("user_id", String(26), primary_key=True), Column("name", String(80)))
FIRST = '''
"""The first tables."""
import sqlalchemy as sa
from alembic import op
from services.kernel.tables import create_kernel_tables
revision = "0001_first"
down_revision = None
mark = "expand"
def upgrade():
    create_kernel_tables(op.get_bind())
    op.create_table("names", sa.Column("user_id", sa.String(26), primary_key=True), sa.Column("name", sa.String(80)))
'''
USERS = ServiceManifest(
    name="auth", title="Users", entry="-", database=True, publishes=(ProfileChanged, SessionsRevoked)
)
NAMES = ServiceManifest(
    name="names",
    title="Names",
    entry="-",
    needs=("auth",),
    database=True,
    consumes=(ProfileChanged,),
    live=(SessionsRevoked,),
)


def profile(user_id: str, name: str) -> ProfileChanged:
    return ProfileChanged(
        user_id=user_id,
        email="a@b.c",
        display_name=name,
        language="en",
        time_zone="UTC",
        roles=("trader",),
        blocked=False,
    )


async def users(resources: Resources) -> Running:
    opened = await Service.open(USERS, resources, metadata)
    router = APIRouter()

    @router.get("/.well-known/jwks.json")
    async def keys() -> JSON:
        return JSON({"keys": [jwk(SIGNING.public_key(), "k1")]})

    async def emit(uow: UnitOfWork, event: Event) -> None:
        uow.emit(event)

    @router.post("/users/{user_id}")
    async def rename(user_id: str, name: str) -> JSON:
        await opened.database.transact(emit, profile(user_id, name))
        return JSON({}, 201)

    @router.delete("/sessions/{session_id}")
    async def revoke(session_id: str) -> JSON:
        event = SessionsRevoked(user_id="u1", session_ids=(session_id,), reason="logout")
        await opened.database.transact(emit, event)
        return JSON({})

    @router.post("/registrations")
    async def register() -> JSON:
        event = UserRegistered(user_id="u", email="a@b.c", display_name="A", language="en", code="1")
        await opened.database.transact(emit, event)
        return JSON({})

    return opened.running(router)


class Names:
    """The other service."""

    def __init__(self) -> None:
        self.live: list[str] = []
        self.broken = False

    async def keep(self, uow: UnitOfWork, event: ProfileChanged, _: Envelope) -> None:
        if self.broken:
            raise ValueError("broken")
        await uow.execute(insert(names), {"user_id": event.user_id, "name": event.display_name})

    async def on_events(self, envelopes: Any) -> None:
        self.live.extend(envelope.name for envelope in envelopes)

    async def run(self, resources: Resources) -> Running:
        opened = await Service.open(NAMES, resources, metadata)
        router = APIRouter()

        @router.get("/me")
        async def me(user: User) -> JSON:
            async with opened.database.reading() as connection:
                rows = await connection.execute(select(names.c.name).where(names.c.user_id == user.user_id))
                return JSON({"name": rows.scalar_one_or_none()})

        @router.get("/all", dependencies=[Depends(role("moderator", "admin"))])
        async def everyone() -> JSON:
            return JSON([])

        return opened.running(router, consumes={ProfileChanged: self.keep}, live=self.on_events)


class Host:
    """Does with parts what the tool's host does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.urls = {
            "broker": parts.of(folder).broker,
            "cache": parts.of(folder).cache,
            "clock": "wall",
        }
        self.names = Names()
        self.parts: dict[str, Running] = {}
        self.tasks: list[asyncio.Task[None]] = []

    def resources(self, name: str) -> Resources:
        database = parts.of(self.folder).bare_database(name)
        return Resources(name=name, urls={**self.urls, "database": database, "auth": "asgi://auth"}, key=KEY)

    async def start(self) -> None:
        self.parts["auth"] = await users(self.resources("auth"))
        self.parts["names"] = await self.names.run(self.resources("names"))
        self.tasks = [asyncio.ensure_future(loop()) for part in self.parts.values() for loop in part.tasks]

    async def stop(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for part in self.parts.values():
            await part.stop()
        await broker_for(self.urls["broker"]).close()
        local.clear()


@pytest.fixture
async def host(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Host]:
    versions = tmp_path / "migrations" / "versions"
    versions.mkdir(parents=True)
    (versions / "0001_first.py").write_text(FIRST)
    monkeypatch.setattr(migrations, "folder_of", lambda _: versions.parent)
    local.clear()
    host = Host(tmp_path)
    await host.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(host.stop)
        yield host


@pytest.fixture
def auth(host: Host) -> Peer:
    return Peer("asgi://auth", key=KEY)


@pytest.fixture
def other(host: Host) -> Peer:
    return Peer("asgi://names", key=KEY)


def bearer(principal: Principal = TRADER) -> dict[str, str]:
    return {"Authorization": f"Bearer {issue(SIGNING, 'k1', principal, 60)}"}


async def test_an_event_of_one_service_is_applied_by_the_other(host: Host, auth: Peer, other: Peer) -> None:
    await auth.json("POST", "/users/u1", query={"name": "Ada"})

    async def known() -> bool:
        return bool(await other.json("GET", "/me", headers=bearer()) == {"name": "Ada"})

    await eventually(known)


async def test_both_are_ready_and_say_so(host: Host, auth: Peer, other: Peer) -> None:
    assert [await part.ready() for part in host.parts.values()] == [{}, {}]
    page = await other.json("GET", "/ready")
    checks = dict.fromkeys(("auth", "broker", "cache", "database"), "ok")
    assert page == {"status": "ready", "service": "names", "checks": checks}
    assert (await auth.json("GET", "/live"))["status"] == "live"
    assert b"http_server_request_duration_seconds" in (await auth.request("GET", "/metrics")).body


async def test_state_and_settled_are_for_who_has_the_key(host: Host, other: Peer) -> None:
    for path in ("/internal/state", "/internal/settled"):
        assert (await other.request("GET", path)).status == 404
        assert (await other.request("GET", path, headers={"X-Internal-Key": "guessed"})).status == 404
        assert (await other.request("GET", path, internal=True)).status == 200


async def test_the_state_is_every_row_page_by_page(host: Host, auth: Peer, other: Peer) -> None:
    for number in range(5):
        await auth.json("POST", f"/users/u{number}", query={"name": f"N{number}"})

    async def settled() -> bool:
        pages = [await peer.json("GET", "/internal/settled", internal=True) for peer in (auth, other)]
        return not any(page[name] for page in pages for name in ("unpublished", "queued", "waiting", "dead"))

    await eventually(settled)
    rows: list[dict[str, str]] = []
    query: dict[str, str | int] = {"limit": 2}
    while True:
        page = await other.json("GET", "/internal/state", query=query, internal=True)
        rows += page["tables"].get("names", [])
        if page["next"] is None:
            break
        query["after"] = page["next"]
    assert rows == [{"user_id": f"u{number}", "name": f"N{number}"} for number in range(5)]
    assert (await auth.json("GET", "/internal/state", internal=True))["sent"] == {f"u{n}": 1 for n in range(5)}


async def test_what_a_consumer_has_set_aside_is_shown_with_the_reason_and_put_back(
    host: Host, auth: Peer, other: Peer
) -> None:
    host.names.broken = True
    await auth.json("POST", "/users/u1", query={"name": "Ada"})

    async def shown() -> list[dict[str, Any]]:
        return list((await other.json("GET", "/internal/dead-letters", internal=True))["items"])

    (letter,) = await eventually(shown)
    assert (letter["reason"], letter["envelope"]["body"]["display_name"]) == ("ValueError: broken", "Ada")
    host.names.broken = False
    answer = await other.request("POST", "/internal/dead-letters/replay", internal=True)
    assert (answer.status, answer.json()) == (200, {"replayed": 1})

    async def known() -> bool:
        return bool(await other.json("GET", "/me", headers=bearer()) == {"name": "Ada"})

    await eventually(known)
    assert await shown() == []


async def test_dead_letters_are_for_who_has_the_key_and_says_which(host: Host, other: Peer) -> None:
    page = "/internal/dead-letters"
    assert (await other.request("GET", page)).status == 404
    assert (await other.request("POST", f"{page}/replay")).status == 404
    for wrong in (b'{"ids": ["one"]}', b'{"all": true}', b"ids"):
        assert (await other.request("POST", f"{page}/replay", body=wrong, internal=True)).status == 422


async def test_a_cursor_that_the_state_page_did_not_give_is_refused(host: Host, other: Peer) -> None:
    answer = await other.request("GET", "/internal/state", query={"after": "nonsense"}, internal=True)
    assert (answer.status, answer.json()["code"]) == (404, "bad_cursor")


async def test_nobody_comes_in_without_a_token_or_without_the_role(host: Host, other: Peer) -> None:
    without = await other.request("GET", "/me")
    assert (without.status, without.headers["www-authenticate"]) == (401, "Bearer")
    assert (await other.request("GET", "/all", headers=bearer())).json()["code"] == "forbidden"
    admin = Principal("u2", "s2", frozenset({"admin"}))
    assert (await other.request("GET", "/all", headers=bearer(admin))).status == 200


async def test_a_session_that_ended_is_refused_as_soon_as_its_event_came(host: Host, auth: Peer, other: Peer) -> None:
    headers = bearer()
    assert (await other.request("GET", "/me", headers=headers)).status == 200
    await auth.json("DELETE", "/sessions/s1")

    async def refused() -> bool:
        return (await other.request("GET", "/me", headers=headers)).status == 401

    await eventually(refused)
    await eventually(lambda: host.names.live == ["sessions_revoked"])


async def test_an_event_that_the_manifest_does_not_list_is_not_emitted(host: Host, auth: Peer) -> None:
    assert (await auth.request("POST", "/registrations")).status == 500
    assert (await auth.json("GET", "/internal/settled", internal=True))["unpublished"] == 0


async def test_a_second_start_finds_everything_as_it_was(host: Host, auth: Peer, other: Peer) -> None:
    await auth.json("POST", "/users/u1", query={"name": "Ada"})
    await host.stop()
    await host.start()

    async def known() -> bool:
        return bool(await other.json("GET", "/me", headers=bearer()) == {"name": "Ada"})

    await eventually(known)


async def test_a_lost_broker_degrades_a_service_that_still_serves(
    host: Host, auth: Peer, monkeypatch: pytest.MonkeyPatch
) -> None:
    await auth.json("GET", "/ready")

    async def lost(_: object) -> None:
        raise ConnectionError("the broker is gone")

    monkeypatch.setattr(type(broker_for(host.urls["broker"])), "queues", lost)
    answer = await auth.request("GET", "/ready")
    assert (answer.status, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"]["broker"] == "the broker is gone"
    assert (await auth.request("POST", "/users/u1", query={"name": "Ada"})).status == 201


def test_the_kernel_knows_no_service() -> None:
    assert not [
        name for module in (service, wiring) for name in vars(module) if name in {"orders", "portfolio", "chat"}
    ]
