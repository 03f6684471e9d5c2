"""Snapshots on a disk, and their tables and queues on real servers."""

import gzip
import os
import re
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pymysql
import pytest

from tests import containers
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import amqp
from tradectl.stack import change
from tradectl.stack.change import Change
from tradectl.stack.snapshots import document, files, shelf, tables
from tradectl.stack.snapshots.document import Snapshot
from tradectl.stack.state import Sandbox

TABLE = """CREATE TABLE kept (id BIGINT PRIMARY KEY AUTO_INCREMENT, text VARCHAR(40), bytes BLOB, number BIGINT)
 DEFAULT CHARSET=utf8mb4"""
ROWS = [
    (1, 'it\'s \\ "quoted"\n\0\x1a', b"\x00\xff'", -(2**63)),
    (2, None, None, None),
    (3, "Ёж 🦔", b"", 0),
]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRADECTL_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def described(name: str, folder: Path) -> Snapshot:
    return Snapshot(
        name=name,
        sandbox="default",
        taken=f"2026-01-0{len(name)}T00:00:00Z",
        backend="embedded",
        market=None,
        pace=None,
        tradectl="1",
        schema={},
        settings={"only": []},
        files=files.sizes(folder),
    )


def saved(name: str, text: str, *, replace: bool = False) -> None:
    with shelf.draft("default", name, replace=replace) as folder:
        (folder / "data").mkdir()
        (folder / "data" / "file").write_text(text)
        document.write(folder, described(name, folder))


def test_a_snapshot_is_found_again_listed_and_removed(home: Path) -> None:
    saved("bb", "second")
    saved("a", "first")
    folder, snapshot = shelf.find("default", "bb")
    assert (folder / "data" / "file").read_text() == "second"
    assert snapshot.files == {"data/file": 6}
    assert [each.name for each in shelf.every()] == ["a", "bb"]
    assert shelf.every("other") == []
    shelf.remove("default", "bb")
    assert [each.name for each in shelf.every()] == ["a"]
    shelf.remove("default", "a")
    assert list((home / "snapshots").iterdir()) == []


def test_a_name_that_is_taken_is_refused_unless_it_is_to_be_replaced() -> None:
    saved("a", "first")
    with pytest.raises(TradectlError, match="already") as refusal:
        saved("a", "second")
    assert refusal.value.exit_code is ExitCode.CONFLICT
    assert "--force" in refusal.value.hint
    saved("a", "second", replace=True)
    folder, _ = shelf.find("default", "a")
    assert sorted(path.name for path in folder.iterdir()) == ["data", "snapshot.json"]
    assert (folder / "data" / "file").read_text() == "second"


def test_a_save_that_fails_leaves_what_was_there(home: Path) -> None:
    saved("a", "first")
    with pytest.raises(ZeroDivisionError), shelf.draft("default", "a", replace=True):
        _ = 1 / 0
    assert (shelf.find("default", "a")[0] / "data" / "file").read_text() == "first"
    assert [path.name for path in (home / "snapshots" / "default").iterdir()] == ["a"]


@pytest.mark.parametrize(
    "look",
    [
        lambda: [each.name for each in shelf.every()],
        lambda: [shelf.find("default", "a")[1].name],
        lambda: ["a", *(path.name for path in shelf.orphans())],
    ],
    ids=["listed", "found", "no orphan"],
)
def test_a_save_that_was_killed_while_it_replaced_one_has_replaced_nothing(look: Callable[[], list[str]]) -> None:
    saved("a", "first")
    where = shelf.place("default", "a")
    where.rename(where.with_name(f".a{shelf.REPLACED}"))
    assert look() == ["a"]
    assert (where / "data" / "file").read_text() == "first"


def test_only_what_nobody_fills_any_more_is_an_orphan(home: Path) -> None:
    (home / "snapshots" / "default" / ".killed.1").mkdir(parents=True)
    with shelf.draft("default", "a", replace=False):
        assert [path.name for path in shelf.orphans()] == [".killed.1"]
    saved("b", "wanted")
    assert [path.name for path in shelf.orphans()] == [".killed.1"]


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    saved("a", "first")
    with pytest.raises(TradectlError, match="no snapshot 'b'") as refusal:
        shelf.find("default", "b")
    assert refusal.value.exit_code is ExitCode.NOT_FOUND
    assert refusal.value.hint == "there are: a"


def test_a_file_that_was_cut_off_is_named() -> None:
    saved("a", "first")
    folder, snapshot = shelf.find("default", "a")
    files.check(folder, snapshot.files)
    os.truncate(folder / "data" / "file", 3)
    with pytest.raises(TradectlError, match="data/file") as refusal:
        files.check(folder, snapshot.files)
    assert refusal.value.exit_code is ExitCode.STATE_UNUSABLE


def test_a_document_that_cannot_be_read_can_be_removed() -> None:
    saved("a", "first")
    (shelf.place("default", "a") / document.FILE).write_text("{}")
    with pytest.raises(TradectlError, match="cannot be read"):
        shelf.every()
    shelf.remove("default", "a")
    assert shelf.every() == []


def test_a_folder_takes_the_place_of_another_whatever_a_cut_has_left(tmp_path: Path) -> None:
    old, new, aside = tmp_path / "data", tmp_path / "data.new", tmp_path / "data.old"
    for folder in (new, aside):
        folder.mkdir()
    (new / "file").touch()
    files.swap(new, old)
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("data")] == ["data"]
    assert (old / "file").exists()


def test_a_copy_leaves_out_what_sqlite_makes_anew(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "venue").mkdir(parents=True)
    for name in ("auth.db", "auth.db-wal", "auth.db-shm", "venue/venue.db"):
        (source / name).write_text(name)
    files.copy(source, tmp_path / "target")
    assert set(files.sizes(tmp_path / "target")) == {"auth.db", "auth.db-wal", "venue/venue.db"}


@pytest.mark.parametrize("end", [KeyboardInterrupt(), OSError(28, "No space left on device"), TradectlError("lost")])
def test_a_change_that_is_cut_off_stays_until_it_is_done(tmp_path: Path, end: BaseException) -> None:
    place = Sandbox("default", tmp_path)
    with pytest.raises(TradectlError, match="only half loaded"), change.whole(place, Change("load", "a", "default")):
        raise end
    with pytest.raises(TradectlError, match="`tradectl snapshot load a` was cut off") as refusal:
        change.check(place)
    assert refusal.value.exit_code is ExitCode.STATE_UNUSABLE
    with change.whole(place, Change("load", "a", "default")):
        pass
    change.check(place)


def connected(url: str) -> "pymysql.Connection[Any]":
    address = httpx.URL(url.replace("mysql+asyncmy", "mysql"))
    return pymysql.connect(
        host=address.host,
        port=address.port or 0,
        user=address.username,
        password=address.password,
        database=address.path[1:],
        autocommit=True,
    )


def filled(url: str, revision: str = "0001") -> None:
    with closing(connected(url)) as connection, connection.cursor() as cursor:
        cursor.execute(TABLE)
        cursor.executemany("INSERT INTO kept VALUES (%s, %s, %s, %s)", ROWS)
        cursor.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) PRIMARY KEY)")
        cursor.execute("INSERT INTO alembic_version VALUES (%s)", (revision,))


def rows(url: str) -> list[Any]:
    with closing(connected(url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM kept ORDER BY id")
        return list(cursor.fetchall())


def changed(url: str, *statements: str) -> None:
    with closing(connected(url)) as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


COUNTED = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
MANY = f"INSERT INTO kept (text) {COUNTED} SELECT i FROM n"


@pytest.mark.parametrize(
    "between",
    [
        (),
        ("DELETE FROM kept",),
        ("UPDATE kept SET text = 'other'", "INSERT INTO kept (text) VALUES ('later')"),
        (MANY, MANY),
        ("DROP TABLE alembic_version", "ALTER TABLE kept DROP COLUMN bytes"),
        ("UPDATE alembic_version SET version_num = '0002'", "ALTER TABLE kept ADD COLUMN more INT"),
        ("CREATE TABLE more (id INT)", "DROP TABLE alembic_version"),
    ],
    ids=["nothing", "rows gone", "rows changed", "thousands more", "half made", "at another revision", "a table more"],
)
def test_tables_are_as_they_were_whatever_became_of_them(tmp_path: Path, between: tuple[str, ...]) -> None:
    with containers.schema() as url:
        filled(url)
        tables.dump(url, tmp_path / "copy.gz")
        changed(url, *between)
        tables.load(url, tmp_path / "copy.gz")
        assert rows(url) == ROWS
        tables.dump(url, tmp_path / "again.gz")
        assert list(tables.read(tmp_path / "again.gz")) == list(tables.read(tmp_path / "copy.gz"))


def test_tables_come_to_a_schema_that_has_none_and_go_again(tmp_path: Path) -> None:
    with containers.schema() as url, containers.schema() as empty:
        filled(url)
        tables.dump(url, tmp_path / "copy.gz")
        tables.load(empty, tmp_path / "copy.gz")
        assert rows(empty) == ROWS
        tables.empty(empty)
        with closing(connected(empty)) as connection, connection.cursor() as cursor:
            assert cursor.execute("SHOW TABLES") == 0


def test_a_replica_is_waited_for(tmp_path: Path) -> None:
    with containers.schema() as url:
        replica = containers.on_replica(url)
        filled(url)
        tables.await_replica(url, replica, 20)
        assert rows(replica) == ROWS
        changed(replica.replace(f"/{containers.name_of(url)}", "/mysql"), "STOP REPLICA SQL_THREAD")
        changed(url, "DELETE FROM kept")
        with pytest.raises(TradectlError, match="does not follow"):
            tables.await_replica(url, replica, 0.2)
        changed(replica.replace(f"/{containers.name_of(url)}", "/mysql"), "START REPLICA SQL_THREAD")
        tables.await_replica(url, replica, 20)


def test_a_copy_that_is_cut_off_is_noticed(tmp_path: Path) -> None:
    file = tmp_path / "copy.gz"
    file.write_bytes(gzip.compress(os.urandom(5_000)))
    tables.check(file)
    os.truncate(file, 2_000)
    with pytest.raises(EOFError):
        tables.check(file)


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(TradectlError, match=r"127\.0\.0\.1:1"):
        tables.empty("mysql+asyncmy://nobody:x@127.0.0.1:1/none")


def test_messages_are_counted_at_once_and_purged_and_their_queue_stays() -> None:
    with containers.vhost() as url:
        name = containers.name_of(url)
        with containers.management(containers.rabbitmq()) as client:
            arguments = {"x-queue-type": "quorum", "x-single-active-consumer": True}
            for queue in ("one", "two"):
                client.put(f"/queues/{name}/{queue}", json={"durable": True, "arguments": arguments}).raise_for_status()
            letter = {"properties": {}, "routing_key": "one", "payload": "x", "payload_encoding": "string"}
            for _ in range(3):
                client.post(f"/exchanges/{name}/amq.default/publish", json=letter).raise_for_status()
        assert amqp.count(url, ["none", "one", "two"]) == {"one": 3, "two": 0}
        assert amqp.purge(url, ["none", "one", "two"]) == 3
        assert amqp.count(url, ["one", "two"]) == {"one": 0, "two": 0}


@pytest.mark.parametrize(
    ("right", "wrong", "why"),
    [
        ("tests:", "tests:wrong", "ACCESS_REFUSED"),
        (r"/[^/]+$", "/nowhere", "virtual host"),
        (r":\d+/", ":1/", "connect"),
    ],
    ids=["password", "virtual host", "port"],
)
def test_who_is_not_let_in_is_told_so(right: str, wrong: str, why: str, capfd: pytest.CaptureFixture[str]) -> None:
    with containers.vhost() as url, pytest.raises(amqp.UnreachableError, match=f"(?i){why}"):
        amqp.count(re.sub(right, wrong, url), ["one"])
    assert capfd.readouterr().err == ""
