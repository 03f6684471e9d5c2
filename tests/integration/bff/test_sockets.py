"""How a connection begins, how it lives, and what ends it."""

import json
from typing import Any

import httpx
import pytest

from tests.integration.bff.market import TestMarket
from tests.integration.bff.stack import Mailbox, Stack, bearer, logged_in, registered
from tests.integration.bff.wire import API, entered, open_socket


async def test_the_first_message_must_be_a_good_token(running: Stack) -> None:
    for first in ({"token": "nonsense"}, {"op": "subscribe", "channels": ["orders"]}, ["x"], {"token": 7}):
        async with open_socket(running) as client:
            await client.send(first)
            assert await client.closed() == 4401


async def test_a_logout_ends_the_connection_of_that_session_only(
    running: Stack, client: httpx.AsyncClient, ann: dict[str, str]
) -> None:
    other = await logged_in(client, "ann@example.org", API)
    async with entered(running, ann) as ended, entered(running, other) as stays:
        await client.post(f"{API}/auth/logout", headers=bearer(ann))
        assert await ended.closed() == 4401
        await stays.subscribe("quotes:AAPL")
        assert (await stays.of("quotes:AAPL"))["type"] == "snapshot"
    answer = await client.get(f"{API}/me", headers=bearer(ann))
    assert (answer.status_code, answer.json()["detail"]) == (401, "the session has ended")


async def test_a_session_that_ended_while_the_bff_was_away_stays_ended(
    auth: Stack, market: TestMarket, mailbox: Mailbox
) -> None:
    async with httpx.AsyncClient(trust_env=False) as client:
        await registered(client, mailbox, "ann@example.org", auth.url("auth"))
        ann = await logged_in(client, "ann@example.org", auth.url("auth"))
        await client.post(f"{auth.url('auth')}/auth/logout", headers=bearer(ann))
        async with auth.part("bff"):
            answer = await client.get(f"{auth.url('bff')}{API}/me", headers=bearer(ann))
    assert (answer.status_code, answer.json()["detail"]) == (401, "the session has ended")


async def test_a_replayed_refresh_token_ends_the_connection(
    running: Stack, client: httpx.AsyncClient, ann: dict[str, str]
) -> None:
    body = {"refresh_token": ann["refresh_token"]}
    async with entered(running, ann) as ended:
        assert (await client.post(f"{API}/auth/refresh", json=body)).status_code == 200
        assert (await client.post(f"{API}/auth/refresh", json=body)).status_code == 401
        assert await ended.closed() == 4401


async def test_a_block_ends_every_connection(running: Stack, client: httpx.AsyncClient, ann: dict[str, str]) -> None:
    root = bearer(await logged_in(client, "root@example.org", API, "a long admin password"))
    me = (await client.get(f"{API}/me", headers=bearer(ann))).json()
    async with entered(running, ann) as first, entered(running, ann) as second:
        await client.patch(f"{API}/admin/users/{me['id']}", json={"blocked": True}, headers=root)
        assert await first.closed() == await second.closed() == 4401


class TestLifetime:
    @pytest.fixture
    def options(self) -> dict[str, str]:
        return {"auth.access_token_lifetime": "2"}

    async def test_a_token_that_expires_ends_the_connection_unless_another_extends_it(
        self, running: Stack, client: httpx.AsyncClient, ann: dict[str, str]
    ) -> None:
        async with entered(running, ann) as ends, entered(running, ann) as stays:
            refreshed = await client.post(f"{API}/auth/refresh", json={"refresh_token": ann["refresh_token"]})
            await stays.send({"token": refreshed.json()["access_token"]})
            extended = await stays.until(lambda message: message["type"] == "authenticated")
            assert extended["user_id"]
            assert await ends.closed() == 4401
            assert await stays.closed() == 4401


async def test_another_users_token_ends_the_connection(
    running: Stack, client: httpx.AsyncClient, mailbox: Mailbox, ann: dict[str, str]
) -> None:
    await registered(client, mailbox, "bob@example.org", API)
    bob = await logged_in(client, "bob@example.org", API)
    async with entered(running, ann) as connection:
        await connection.send({"token": bob["access_token"]})
        assert await connection.closed() == 4401


class TestLimits:
    @pytest.fixture
    def options(self) -> dict[str, str]:
        return {"bff.connections_per_user": "2", "bff.subscriptions_per_connection": "2", "bff.heartbeat": "0.05"}

    async def test_a_user_has_so_many_connections(self, running: Stack, ann: dict[str, str]) -> None:
        async with entered(running, ann), entered(running, ann), open_socket(running) as third:
            await third.send({"token": ann["access_token"]})
            assert await third.closed() == 4429
        async with entered(running, ann) as again:
            await again.subscribe("quotes:AAPL")
            await again.of("quotes:AAPL", "snapshot")

    async def test_a_connection_has_so_many_channels(self, running: Stack, ann: dict[str, str]) -> None:
        async with entered(running, ann) as client:
            await client.subscribe("quotes:AAPL", "book:AAPL")
            await client.subscribe("trades:AAPL")
            assert (await client.until(lambda each: each["type"] == "error"))["code"] == "too_many_subscriptions"
            await client.send({"op": "unsubscribe", "channels": ["book:AAPL"]})
            await client.until(lambda each: each["type"] == "unsubscribed")
            await client.subscribe("trades:AAPL")
            await client.of("trades:AAPL", "snapshot")

    async def test_hearts_beat(self, running: Stack, ann: dict[str, str]) -> None:
        async with entered(running, ann) as client:
            beat = await client.until(lambda each: each["type"] == "heartbeat")
            assert beat["time"].endswith("Z")


async def test_a_message_that_makes_no_sense_is_answered(running: Stack, ann: dict[str, str]) -> None:
    async with entered(running, ann) as client:
        for text in ("nonsense", "[]", '{"op": "sell"}', '{"op": "subscribe", "channels": 7}', '{"colour": "red"}'):
            await client.socket.send(text)
            assert (await client.until(lambda each: each["type"] == "error"))["code"] == "malformed"
        await client.subscribe("quotes:AAPL")
        await client.of("quotes:AAPL", "snapshot")


async def test_a_message_that_is_too_long_ends_the_connection(running: Stack, ann: dict[str, str]) -> None:
    async with entered(running, ann) as client:
        await client.socket.send(json.dumps({"op": "subscribe", "channels": ["x" * 70_000]}))
        assert await client.closed() == 1009


class TestSlowness:
    @pytest.fixture
    def options(self) -> dict[str, str]:
        return {"bff.send_queue": "500"}

    async def test_a_client_that_does_not_read_is_told_to_subscribe_anew_and_holds_nobody_up(
        self, running: Stack, market: TestMarket, ann: dict[str, str]
    ) -> None:
        heard: list[int] = []
        slow_one = {"max_queue": 1, "ping_interval": None}  # who reads nothing does not read answers to pings either
        async with entered(running, ann, **slow_one) as slow, entered(running, ann) as quick:
            for client in (slow, quick):
                await client.subscribe("trades:BTCUSDT", "book:BTCUSDT")
                await client.of("book:BTCUSDT", "snapshot")
            slow.socket.transport.pause_reading()
            for number in range(1, 30_001):
                await market.trade("BTCUSDT", 6_183_764, number)
                while number % 400 == 0 and len(heard) < number:
                    heard += [each["data"]["id"] for each in await quick.read() if is_trade(each)]
            assert heard == list(range(1, 30_001))
            slow.socket.transport.resume_reading()
            told = await slow.until(lambda each: each["type"] == "resubscribe")
            assert told["channel"] == "trades:BTCUSDT"
            await slow.subscribe("trades:BTCUSDT")
            assert (await slow.of("trades:BTCUSDT", "snapshot"))["seq"] == 30_000


def is_trade(message: dict[str, Any]) -> bool:
    return message.get("channel") == "trades:BTCUSDT" and message["type"] == "delta"
