"""Backups of a real MySQL by its address: binary logs, moments, a shipper that is killed, a store that goes away."""

import itertools
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from urllib.parse import quote

import docker
import pytest

from tests import containers
from tests.buckets import Gateway, gateway
from tests.integration.tradectl.primaries import Primary
from tests.sluice import Sluice, sluice
from tradectl.backup import binlog, catalogue, logs, ship
from tradectl.backup.address import of
from tradectl.backup.following import follow
from tradectl.backup.manifest import Manifest
from tradectl.backup.packing import PIECE, Unpacked
from tradectl.backup.restore import Restored, Wanted
from tradectl.backup.server.create import create
from tradectl.backup.server.restore import restore
from tradectl.backup.ship import Shipper, of_server, shipper
from tradectl.backup.store import LockedError, Store, store_at
from tradectl.backup.verify import verify
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes.eventually import eventually
from tradectl.stack.containers.external.given import Given, keep
from tradectl.stack.state import Sandbox

KEY = bytes(32)
NAME = "desk"
LATEST = Wanted()
LARGE = 3 << 20
"""Bytes that do not compress."""


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with gateway(tmp_path_factory.mktemp("s3")) as served:
        yield served


@pytest.fixture
def gate(s3: Gateway) -> Iterator[Sluice]:
    with sluice(s3.port) as made:
        yield made


@pytest.fixture
def folder(tmp_path: Path) -> Store:
    return store_at(str(tmp_path / "store"))


def made(primary: Primary, store: Store) -> Manifest:
    return create(primary.login, NAME, store, KEY, lambda _: None)


def put_back(primary: Primary, store: Store, wanted: Wanted = LATEST) -> Restored:
    return restore(primary.login, NAME, store, KEY, wanted, lambda _: None)


def shipped(primary: Primary, store: Store, keep: int | None = None) -> None:
    """All that the log has."""
    with shipper(of_server(primary.login, NAME), store, KEY, keep) as following:
        catch_up(following, primary)


def catch_up(following: Shipper, primary: Primary) -> None:
    def there() -> bool | None:
        following.look()
        return following.reached == primary.log or None

    eventually(there, 30, what="the whole log in the store", every=0.05)


def now() -> int:
    """Between what was committed before and what will be after."""
    return time.time_ns() // 1_000


def test_a_moment_has_what_was_committed_before_it_and_nothing_that_was_after(primary: Primary, folder: Store) -> None:
    primary.emit(1)
    first = made(primary, folder)
    primary.write(2)
    primary.emit(2)
    moment = now()
    primary.write(3)
    primary.emit(3)
    shipped(primary, folder)

    for wanted, numbers, waiting in (
        (Wanted(at=moment), [1, 2], [1, 2]),
        (LATEST, [1, 2, 3], [1, 2, 3]),
        (Wanted(backup=first.id), [1], [1]),
    ):
        primary.lose()
        done = put_back(primary, folder, wanted)
        assert (primary.numbers, primary.waiting) == (numbers, waiting)
        assert done.moment <= (wanted.at or now())


def test_logs_are_verified_from_the_backup_before_on_and_a_gap_is_named(primary: Primary, folder: Store) -> None:
    first = made(primary, folder)
    primary.write(2)
    primary.run("FLUSH BINARY LOGS")
    primary.write(3, LARGE)
    shipped(primary, folder)
    made(primary, folder)
    done = verify(folder, NAME, KEY)
    assert (done.rows, done.logs.transactions > 1, first.taken < done.logs.until < now()) == (3, True, True)

    (segment, *_) = logs.every(folder, NAME, server_of(primary))
    folder.remove(segment.key)
    with pytest.raises(TradectlError, match=rf"never shipped; from backup {first.id} on no moment after .* can be"):
        verify(folder, NAME, KEY)
    assert catalogue.find(folder, NAME).verified


def test_what_others_do_on_the_same_server_is_neither_taken_nor_in_the_way(primary: Primary, folder: Store) -> None:
    primary.run("CREATE DATABASE shop", "CREATE TABLE shop.outbox (id INT, envelope TEXT)")
    try:
        primary.run("INSERT INTO shop.outbox VALUES (1, 'before')")
        assert not any(table.startswith("shop.") for table in made(primary, folder).rows)
        primary.run("INSERT INTO shop.outbox VALUES (2, 'after')", "USE shop", "ALTER TABLE outbox ADD COLUMN n INT")
        primary.write(2)
        primary.run("CREATE TABLE shop.copied AS SELECT 1 AS n", "CREATE USER other", "GRANT ALL ON shop.* TO other")
        primary.emit(3)
    finally:
        primary.run("DROP DATABASE shop", "DROP USER IF EXISTS other")
    primary.run("ALTER TABLE orders.t ADD COLUMN m INT")
    shipped(primary, folder)
    primary.lose()
    put_back(primary, folder)
    assert primary.run("SELECT n, m FROM orders.t ORDER BY n") == [(1, None), (2, None)]
    assert primary.waiting == [3]


def test_a_sandbox_on_others_servers_is_backed_up_by_their_address(
    primary: Primary, folder: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guest, schema = Sandbox("guest", tmp_path / "sandboxes" / "guest"), "tradectl_0123456789ab_orders"
    assert of(guest) is None
    login = primary.login
    url = f"mysql://{login.user}:{login.password}@{login.host}:{login.port}"
    guest.create()
    keep(guest, Given(mysql=url, amqp="amqp://127.0.0.1", redis="redis://127.0.0.1"))
    assert of(guest) == login
    primary.run(f"CREATE DATABASE {schema}", f"CREATE TABLE {schema}.t (n INT PRIMARY KEY)")
    assert set(made(primary, folder).piece("mysql.sql").rows) == {"orders.t", "orders.outbox", f"{schema}.t"}
    primary.run(f"DROP DATABASE {schema}")
    monkeypatch.setenv("TRADECTL_BACKUP_DATABASE", "mysql://root@elsewhere")
    named = of(guest)
    assert named is not None
    assert named.host == "elsewhere"
    monkeypatch.setenv("TRADECTL_BACKUP_DATABASE", "")
    assert of(guest) == login


@pytest.mark.night
@pytest.mark.parametrize("password", ["a#b", 'a"b\\c#', "it's #1", 'it\'s "it" #1'])
def test_no_sign_of_a_password_is_lost(primary: Primary, folder: Store, password: str) -> None:
    primary.run("DROP USER IF EXISTS quoted")
    said = password.replace("\\", "\\\\").replace("'", "\\'")
    primary.run(f"CREATE USER quoted IDENTIFIED BY '{said}'", "GRANT ALL ON *.* TO quoted")
    login = replace(primary.login, user="quoted", password=password)
    assert create(login, NAME, folder, KEY, lambda _: None).rows


def test_nothing_is_overwritten_and_no_log_gets_two_histories(primary: Primary, folder: Store) -> None:
    made(primary, folder)
    with pytest.raises(TradectlError, match="has orders already") as caught:
        put_back(primary, folder)
    assert caught.value.exit_code is ExitCode.CONFLICT
    primary.run("DROP DATABASE orders")
    with pytest.raises(TradectlError, match="transactions of the backup already") as caught:
        put_back(primary, folder)
    assert "RESET BINARY LOGS AND GTIDS" in caught.value.hint
    with pytest.raises(TradectlError, match="no schema of the platform"):
        made(primary, folder)


def test_a_log_that_was_harmed_is_found_before_anything_is_touched(primary: Primary, folder: Store) -> None:
    made(primary, folder)
    primary.write(2)
    shipped(primary, folder)
    (segment, *_) = reversed(logs.every(folder, NAME, server_of(primary)))
    document = bytearray(catalogue.read(folder, segment.key))
    document[-1] ^= 1
    put(folder, segment.key, bytes(document))
    primary.lose()

    with pytest.raises(TradectlError, match="damaged") as caught:
        put_back(primary, folder)
    assert caught.value.exit_code is ExitCode.STATE_UNUSABLE
    assert primary.run("SHOW DATABASES LIKE 'orders'") == []
    folder.remove(segment.key)
    put_back(primary, folder)
    assert primary.numbers == [1]


def test_a_logs_end_that_is_missing_is_named_and_a_moment_before_it_can_be_reached(
    primary: Primary, folder: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ship, "MOST", 1 << 10)  # less than an event
    made(primary, folder)
    with shipper(of_server(primary.login, NAME), folder, KEY) as following:
        primary.write(2, 1 << 12)
        moment = now()
        primary.write(3)
        catch_up(following, primary)
        there = logs.every(folder, NAME, server_of(primary))
        primary.write(4)
        primary.run("FLUSH BINARY LOGS")
        primary.write(5)
        catch_up(following, primary)
    for segment in logs.every(folder, NAME, server_of(primary)):
        if segment.file == there[-1].file and segment not in there:
            folder.remove(segment.key)
    with pytest.raises(TradectlError, match=r"transactions .*-\d+ were never shipped; from backup .* no moment after"):
        verify(folder, NAME, KEY)
    primary.lose()

    with pytest.raises(TradectlError, match=r"transactions .*-\d+ were never shipped") as caught:
        put_back(primary, folder)
    assert caught.value.exit_code is ExitCode.STATE_UNUSABLE
    assert primary.run("SHOW DATABASES LIKE 'orders'") == []
    put_back(primary, folder, Wanted(at=moment))
    assert primary.numbers == [1, 2]


def put(store: Store, key: str, document: bytes) -> None:
    store.put(key, BytesIO(document))


def server_of(primary: Primary) -> str:
    return str(primary.run("SELECT @@server_uuid")[0][0])


def test_a_shipper_that_was_killed_in_an_upload_goes_on_without_a_hole_and_without_a_double(
    primary: Primary, s3: Gateway, gate: Sluice, tmp_path: Path
) -> None:
    store = store_at(s3.bucket(endpoint=gate.endpoint))
    made(primary, store)
    primary.write(2)
    shipped(primary, store)
    there = logs.every(store, NAME, server_of(primary))
    primary.write(3, LARGE)
    gate.after(LARGE // 3, "hold")
    kill_in(gate, primary, store.name, tmp_path)
    assert logs.every(store, NAME, server_of(primary)) == there
    primary.run("FLUSH BINARY LOGS")
    primary.write(4)
    shipped(primary, store)

    found = logs.every(store, NAME, server_of(primary))
    assert {segment.file for segment in found} == set(primary.log)
    for name, segments in itertools.groupby(found, lambda segment: segment.file):
        content = b"".join(opened(store, segment.key) for segment in segments)
        assert without_use(content) == without_use(primary.bytes_of(name))
    primary.lose()
    put_back(primary, store)
    assert primary.numbers == [1, 2, 3, 4]


def without_use(log: bytes) -> bytes:
    """The server marks the log that it writes as being in use."""
    flags = len(binlog.MAGIC) + binlog.HEADER - 2
    return log[:flags] + log[flags + 1 :]


def kill_in(gate: Sluice, primary: Primary, place: str, home: Path) -> None:
    """A shipper, killed when the gate has let through what it lets through; what it had started is gone too."""
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("tradectl")), "backup", "ship", "--name", NAME],
        env={
            **os.environ,
            "TRADECTL_HOME": str(home),
            "TRADECTL_BACKUP_KEY": KEY.hex(),
            "TRADECTL_BACKUP_STORE": f"{place}?endpoint={quote(gate.endpoint)}",
            "TRADECTL_BACKUP_DATABASE": f"mysql://root:{containers.PASSWORD}@127.0.0.1:{primary.login.port}",
        },
    )
    try:
        assert gate.reached.wait(180)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
        gate.drop()
    engine, mine = docker.from_env(), f"tradectl.home={home}"

    def gone() -> bool | None:
        return not engine.containers.list(all=True, filters={"label": mine}, ignore_removed=True) or None

    eventually(gone, 20, what="nothing left of it")
    engine.close()


def opened(store: Store, key: str) -> bytes:
    with store.get(key) as stream:
        unpacked = Unpacked(stream, KEY, key)
        return b"".join(iter(lambda: unpacked.read(PIECE), b""))


@pytest.mark.night
@pytest.mark.parametrize("verb", ["create", "ship", "verify", "restore"])
def test_a_store_that_goes_away_in_the_middle_is_said_and_the_last_backup_is_whole(
    primary: Primary, s3: Gateway, gate: Sluice, verb: str
) -> None:
    store = store_at(s3.bucket(endpoint=gate.endpoint))
    primary.write(2, LARGE)
    first = made(primary, store)
    primary.write(3, LARGE)
    if verb == "restore":
        shipped(primary, store)
        primary.lose()
    acts: dict[str, Callable[[], object]] = {
        "create": lambda: made(primary, store),
        "ship": lambda: shipped(primary, store),
        "verify": lambda: verify(store, NAME, KEY),
        "restore": lambda: put_back(primary, store),
    }
    act = acts[verb]
    gate.after(LARGE // 3, "cut")
    with pytest.raises(TradectlError, match="does not answer as it should") as caught:
        act()
    assert gate.reached.is_set()
    gate.open()

    assert caught.value.exit_code is ExitCode.NOT_UP
    assert [each.manifest for each in catalogue.every(store, NAME)] == [first]
    assert verify(store, NAME, KEY).rows == 2
    if verb == "restore":
        assert primary.run("SHOW DATABASES LIKE 'orders'") == []
        act()
        assert primary.numbers == [1, 2, 3]


@pytest.mark.night
def test_shipped_logs_are_locked_with_the_backups(primary: Primary, s3: Gateway) -> None:
    store = store_at(s3.bucket(locks=True))
    shipped(primary, store, keep=1)
    (segment, *_) = logs.every(store, NAME, server_of(primary))
    with pytest.raises(LockedError):
        store.remove(segment.key)
    assert opened(store, segment.key)


class EnoughError(Exception):
    """The shipper has gone on."""


@pytest.mark.night
def test_a_shipper_outlasts_store_and_primary_says_what_is_away_and_goes_on(
    primary: Primary, s3: Gateway, gate: Sluice
) -> None:
    store, away = store_at(s3.bucket(endpoint=gate.endpoint)), list[str]()
    made(primary, store)
    with sluice(primary.login.port) as line:
        source = of_server(replace(primary.login, port=line.port), NAME)
        losses, writes = iter((gate, line)), itertools.count(2)

        def told(following: Shipper, _: int) -> None:
            if len(away) < 2 and following.reached == primary.log:
                next(losses).after(0, "cut")
                primary.write(next(writes))
            elif following.reached == primary.log:
                raise EnoughError

        def lost(error: TradectlError) -> None:
            away.append(error.message)
            gate.open()
            line.open()

        with pytest.raises(EnoughError):
            follow(source, store, KEY, 0.1, None, told, lost)
    assert "does not answer as it should" in away[0]
    primary.lose()
    put_back(primary, store)
    assert primary.numbers == [1, 2, 3]
