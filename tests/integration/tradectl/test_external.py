"""Servers that run already, here a sandbox's in containers: what is made on them, and that nothing of it stays."""

import json
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pymysql
import pytest
from redis import Redis

from services.contracts.manifest import ServiceManifest
from tests.servers import NOTHING, Servers, owned
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.containers import answers, external
from tradectl.stack.containers.external import queues
from tradectl.stack.containers.passwords import known
from tradectl.stack.events import StackEvent
from tradectl.stack.state import Sandbox

SERVICES = (
    ServiceManifest(name="orders", title="", entry="", database=True),
    ServiceManifest(name="market_data", title="", entry="", database=True),
    ServiceManifest(name="bff", title="", entry=""),
)
LIMITED = "limited"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with owned(tmp_path_factory.mktemp("owner")) as made:
        yield made


@pytest.fixture
def place(tmp_path: Path) -> Sandbox:
    made = Sandbox("guest", tmp_path / "sandboxes" / "guest")
    made.create()
    return made


@pytest.fixture
def named(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> Servers:
    for name, url in servers.urls().items():
        monkeypatch.setenv(name, url)
    return servers


def bring_up(place: Sandbox) -> dict[str, dict[str, str]]:
    """The URLs of each service."""
    external.bring_up(place, SERVICES, lambda _: None, timeout=20)
    found: dict[str, dict[str, str]] = json.loads(place.infrastructure.read_text())["urls"]
    return found


def login(url: str) -> "pymysql.Connection[Any]":
    parts = urlsplit(url)
    return pymysql.connect(
        host=parts.hostname,
        port=parts.port or 0,
        user=parts.username,
        password=unquote(parts.password or ""),
        database=parts.path[1:],
    )


def test_each_service_has_a_schema_and_a_user_of_its_own_and_all_of_it_goes(named: Servers, place: Sandbox) -> None:
    heard: list[StackEvent] = []
    external.bring_up(place, SERVICES, heard.append, timeout=20)
    assert [event.part for event in heard if event.kind == "ready"] == ["redis", "rabbitmq", "primary", "replica"]
    urls = json.loads(place.infrastructure.read_text())["urls"]
    assert place.infrastructure.stat().st_mode & 0o777 == 0o600
    assert set(urls["orders"]) == {"database", "replica", "broker", "cache"}
    assert set(urls["bff"]) == {"broker", "cache"}
    with closing(login(urls["orders"]["database"])) as connection, connection.cursor() as cursor:
        cursor.execute("CREATE TABLE kept (id INT PRIMARY KEY)")
        cursor.execute("SHOW DATABASES LIKE 'tradectl%'")
        assert [schema for (schema,) in cursor.fetchall()] == [urlsplit(urls["orders"]["database"]).path[1:]]
    login(urls["orders"]["replica"]).close()
    assert external.observe(place) == dict.fromkeys(("primary", "replica", "rabbitmq", "redis"), "running")
    external.take_down(place, keep_data=True)
    assert len(named.made()["schemas"]) == len(named.made()["users"]) == 2
    assert bring_up(place) == urls
    external.take_down(place, keep_data=False)
    assert named.made() == NOTHING
    assert external.observe(place) == {}


def test_the_broker_has_a_virtual_host_of_the_sandboxs_own_while_it_is_up(named: Servers, place: Sandbox) -> None:
    broker = urlsplit(bring_up(place)["bff"]["broker"])
    secrets, name = known(place), broker.path[1:]
    assert secrets is not None
    assert name == queues.vhost(secrets.life)
    ports, password = named.ports, unquote(broker.password or "")
    assert answers.rabbitmq(ports["rabbitmq.amqp"], ports["rabbitmq.management"], password, name)
    external.take_down(place, keep_data=False)
    assert not answers.rabbitmq(ports["rabbitmq.amqp"], ports["rabbitmq.management"], password, name)


def test_without_an_api_the_given_virtual_host_is_taken_and_its_queues_are_named_at_the_end(
    named: Servers, place: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADECTL_EXTERNAL_AMQP_MANAGEMENT", "http://127.0.0.1:9")
    assert bring_up(place)["bff"]["broker"] == named.urls()["TRADECTL_EXTERNAL_AMQP"]
    with pytest.raises(TradectlError, match="queues in virtual host servers") as caught:
        external.take_down(place, keep_data=False)
    assert caught.value.exit_code is ExitCode.LEFT_BEHIND
    assert named.made() == NOTHING
    external.take_down(place, keep_data=False)


def test_the_virtual_host_of_all_is_not_taken(named: Servers, place: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADECTL_EXTERNAL_AMQP_MANAGEMENT", "http://127.0.0.1:9")
    monkeypatch.setenv("TRADECTL_EXTERNAL_AMQP", named.urls()["TRADECTL_EXTERNAL_AMQP"].removesuffix("servers"))
    with pytest.raises(TradectlError, match="no virtual host can be made") as caught:
        bring_up(place)
    assert "TRADECTL_EXTERNAL_AMQP_MANAGEMENT" in caught.value.hint


@pytest.fixture
def limited(named: Servers, monkeypatch: pytest.MonkeyPatch) -> Iterator[Servers]:
    """Their MySQL knows us as somebody who may make schemas, and no users."""
    named.column(f"CREATE USER '{LIMITED}'@'%' IDENTIFIED BY 'a b@c'")
    named.column(f"GRANT ALL ON `tradectl\\_%`.* TO '{LIMITED}'@'%'")
    for name, url in named.urls(LIMITED, "a%20b%40c").items():
        monkeypatch.setenv(name, url)
    yield named
    named.column(f"DROP USER '{LIMITED}'@'%'")


def test_who_may_make_no_users_has_schemas_with_its_own(limited: Servers, place: Sandbox) -> None:
    urls = bring_up(place)
    assert {urlsplit(urls[service]["database"]).username for service in ("orders", "market_data")} == {LIMITED}
    for which in ("database", "replica"):
        login(urls["orders"][which]).close()
    assert limited.made()["users"] == []
    assert len(limited.made()["schemas"]) == 2
    external.take_down(place, keep_data=False)
    assert limited.made() == NOTHING


def test_who_may_make_no_schemas_is_told_what_an_administrator_has_to_do(limited: Servers, place: Sandbox) -> None:
    limited.column(f"REVOKE ALL ON `tradectl\\_%`.* FROM '{LIMITED}'@'%'")
    with pytest.raises(TradectlError, match="may not make schemas") as caught:
        bring_up(place)
    assert "CREATE DATABASE IF NOT EXISTS" in caught.value.hint
    secrets = known(place)
    assert secrets is not None
    for service in ("orders", "market_data"):
        limited.column(f"CREATE DATABASE tradectl_{secrets.life}_{service}")
    limited.column(f"GRANT SELECT ON `tradectl\\_%`.* TO '{LIMITED}'@'%'")
    bring_up(place)
    with pytest.raises(TradectlError, match="left behind: schema tradectl_"):
        external.take_down(place, keep_data=False)
    for schema in limited.made()["schemas"]:
        limited.column(f"DROP DATABASE {schema}")


def test_a_redis_that_holds_something_is_refused_and_keeps_it(named: Servers, place: Sandbox) -> None:
    with Redis.from_url(named.urls()["TRADECTL_EXTERNAL_REDIS"]) as client:
        client.set("of somebody else", 1)
        with pytest.raises(TradectlError, match="holds 1 keys"):
            bring_up(place)
        external.take_down(place, keep_data=False)
        assert client.get("of somebody else") == b"1"
        client.flushdb()
    assert named.made() == NOTHING


def test_the_sandbox_keeps_to_its_servers(named: Servers, place: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    urls = bring_up(place)
    for name in named.urls():
        monkeypatch.delenv(name)
    assert bring_up(place) == urls
    for name, url in named.urls().items():
        monkeypatch.setenv(name, url.replace("/3", "/4"))
    with pytest.raises(TradectlError) as caught:
        bring_up(place)
    assert caught.value.exit_code is ExitCode.CONFLICT
    external.take_down(place, keep_data=False)
    assert named.made() == NOTHING


def test_a_password_that_does_not_fit_is_told_at_up_and_at_down(
    named: Servers, place: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TRADECTL_EXTERNAL_MYSQL", named.urls(password="wrong")["TRADECTL_EXTERNAL_MYSQL"])
    with pytest.raises(TradectlError, match="does not let root in"):
        bring_up(place)
    with pytest.raises(TradectlError, match=r"left behind: everything of ours, because .* does not let root in"):
        external.take_down(place, keep_data=False)
    assert named.made() == NOTHING


@pytest.mark.parametrize(("variable", "kind"), [("MYSQL", "MySQL"), ("AMQP", "RabbitMQ"), ("REDIS", "Redis")])
def test_a_server_that_does_not_answer_is_named(
    named: Servers, place: Sandbox, monkeypatch: pytest.MonkeyPatch, variable: str, kind: str
) -> None:
    monkeypatch.setenv(f"TRADECTL_EXTERNAL_{variable}", f"{variable.lower()}://u:p@127.0.0.1:9/1")
    with pytest.raises(TradectlError, match=f"no {kind} answers at 127.0.0.1:9") as caught:
        bring_up(place)
    assert f"TRADECTL_EXTERNAL_{variable}" in caught.value.hint
    assert named.made() == NOTHING
