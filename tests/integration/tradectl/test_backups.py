"""Backups of a sandbox's files on a real folder and a real S3, and what becomes of them when something goes wrong."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.buckets import Gateway, gateway
from tests.integration.tradectl.filed import KEY, OTHER, filled, held, made, put, put_back, whole, write
from tradectl.backup import catalogue, create, logs, manifest, metrics
from tradectl.backup.laying import Laying
from tradectl.backup.logs import Segment
from tradectl.backup.page import serve
from tradectl.backup.pruning import prune
from tradectl.backup.restore import Wanted
from tradectl.backup.retention import Policy
from tradectl.backup.sealing import Readable
from tradectl.backup.store import Store, store_at
from tradectl.backup.verify import verify
from tradectl.errors import ExitCode, TradectlError
from tradectl.probes import http
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.state import Sandbox


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with gateway(tmp_path_factory.mktemp("s3")) as running:
        yield running


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    return store_at(str(tmp_path / "store") if request.param == "folder" else request.getfixturevalue("s3").bucket())


@pytest.fixture
def place(tmp_path: Path) -> Sandbox:
    return filled(tmp_path)


def test_a_backup_is_listed_verified_and_put_back(place: Sandbox, store: Store) -> None:
    secrets = place.secrets.read_text()
    first = made(place, store)
    assert [each.manifest for each in catalogue.every(store, "default")] == [first]
    assert sum(first.rows.values()) == 3
    assert not catalogue.find(store, "default").verified
    done = verify(store, "default", KEY)
    assert (done.rows, catalogue.find(store, "default").verified > first.taken) == (3, True)

    write(place, 2)
    place.secrets.write_text("{}")
    put_back(place, store)

    assert held(place) == [[1], [1], [1]]
    assert place.secrets.read_text() == secrets
    assert sorted(path.name for path in place.root.iterdir() if "backup" in path.name or ".old" in path.name) == []


def test_one_that_is_named_or_was_there_at_a_moment_comes_back(place: Sandbox, store: Store) -> None:
    first = made(place, store)
    write(place, 2)
    second = made(place, store)
    write(place, 3)

    put_back(place, store, Wanted(at=second.taken + 1))
    assert held(place)[0] == [1, 2]
    put_back(place, store, Wanted(backup=first.id))
    assert held(place)[0] == [1]
    with pytest.raises(TradectlError, match="from before that moment") as caught:
        put_back(place, store, Wanted(at=first.taken - 1))
    assert caught.value.exit_code is ExitCode.NOT_FOUND


def test_a_sandbox_that_is_gone_comes_back_with_its_settings(place: Sandbox, store: Store) -> None:
    made(place, store)
    shutil.rmtree(place.root)
    put_back(place, store)

    assert held(place) == [[1], [1], [1]]
    assert '"seed": 7' in place.settings.read_text()


@pytest.mark.parametrize("backend", ["compose", "containers", "external"])
def test_a_backup_of_another_backend_is_refused_and_says_of_which(place: Sandbox, tmp_path: Path, backend: str) -> None:
    store = store_at(str(tmp_path / "store"))
    made(place, store)
    keep(place, RunSettings(seed=7, backend=backend))
    with pytest.raises(TradectlError, match=f"of the backend embedded, sandbox default is on {backend}") as caught:
        put_back(place, store)
    assert caught.value.exit_code is ExitCode.CONFLICT


def test_servers_that_are_not_the_sandboxs_own_are_refused_with_a_backend_whose_are(
    place: Sandbox, tmp_path: Path
) -> None:
    keep(place, RunSettings(seed=7, backend="external"))
    with pytest.raises(TradectlError, match="on external has not servers of its own") as caught:
        made(place, store_at(str(tmp_path / "store")))
    assert caught.value.exit_code is ExitCode.CONFLICT
    assert "tradectl up --backend containers" in caught.value.hint


def test_all_files_are_of_one_instant_while_others_write(place: Sandbox, tmp_path: Path) -> None:
    """A writer takes the files in turn: a copy of two instants would have a later one without its predecessor."""
    ended = threading.Event()

    def work() -> None:
        number = 2
        while not ended.is_set():
            write(place, number)
            number += 1

    writer = threading.Thread(target=work)
    writer.start()
    try:
        store = store_at(str(tmp_path / "store"))
        for _ in range(5):
            made(place, store)
    finally:
        ended.set()
        writer.join()
    for each in catalogue.every(store, "default"):
        put_back(place, store, Wanted(backup=each.manifest.id))
        first, *rest = (numbers[-1] for numbers in held(place))
        assert all(first - 1 <= number <= first for number in rest)
        assert rest == sorted(rest, reverse=True)


def test_another_key_opens_nothing_and_changes_nothing(place: Sandbox, store: Store) -> None:
    made(place, store)
    write(place, 2)
    for attempt in (lambda: whole(store, OTHER), lambda: put_back(place, store, key=OTHER)):
        with pytest.raises(TradectlError, match="another key") as caught:
            attempt()
        assert caught.value.exit_code is ExitCode.BAD_INPUT
    assert held(place)[0] == [1, 2]


@pytest.mark.parametrize("harm", ["cut off", "altered", "gone", "another's"])
def test_what_was_harmed_is_found_and_the_backup_before_is_still_there(place: Sandbox, store: Store, harm: str) -> None:
    first = made(place, store)
    write(place, 2)
    second = made(place, store)
    key = f"{catalogue.place('default', second.id)}data/orders.db"
    document = bytearray(catalogue.read(store, key))
    if harm == "altered":
        document[len(document) // 2] ^= 1
    elif harm == "another's":
        document = bytearray(catalogue.read(store, f"{catalogue.place('default', first.id)}data/orders.db"))
    if harm == "gone":
        store.remove(key)
    else:
        put(store, key, bytes(document[:-7] if harm == "cut off" else document))

    for attempt in (lambda: whole(store), lambda: put_back(place, store)):
        with pytest.raises(TradectlError, match="has no" if harm == "gone" else "damaged") as caught:
            attempt()
        assert caught.value.exit_code in {ExitCode.STATE_UNUSABLE, ExitCode.NOT_FOUND}
        assert caught.value.hint
    assert held(place)[0] == [1, 2]
    assert verify(store, "default", KEY, first.id).rows == 3


def test_a_manifest_that_was_altered_is_found(place: Sandbox, store: Store) -> None:
    first = made(place, store)
    key = f"{catalogue.place('default', first.id)}{manifest.NAME}"
    put(store, key, catalogue.read(store, key).replace(b'"seed": 7', b'"seed": 8'))

    with pytest.raises(TradectlError, match="manifest is not as it was written"):
        whole(store)


@pytest.mark.parametrize("document", [b"", b'{"form": 1, "id"'], ids=["cut off", "half"])
def test_a_manifest_that_cannot_be_read_stands_in_no_other_backups_way(
    place: Sandbox, tmp_path: Path, document: bytes
) -> None:
    store = store_at(str(tmp_path / "store"))
    first = made(place, store)
    second = made(place, store)
    put(store, f"{catalogue.place('default', second.id)}{manifest.NAME}", document)
    write(place, 2)

    for attempt in (lambda: whole(store), lambda: put_back(place, store)):
        with pytest.raises(TradectlError, match=f"backup {second.id} is damaged") as caught:
            attempt()
        assert caught.value.exit_code is ExitCode.STATE_UNUSABLE
    assert held(place)[0] == [1, 2]
    assert list(catalogue.shelf(store, "default").unreadable) == [second.id]
    assert prune(store, "default", Policy(0, 0, 0)).removed == []
    put_back(place, store, Wanted(backup=first.id))
    assert held(place)[0] == [1]


def test_a_mark_that_was_altered_proves_nothing(place: Sandbox, tmp_path: Path) -> None:
    store = store_at(str(tmp_path / "store"))
    first = made(place, store)
    verify(store, "default", KEY)
    put(store, f"{catalogue.place('default', first.id)}{manifest.VERIFIED}", b'{"verified"')
    assert [each.verified for each in catalogue.every(store, "default")] == [0]


def test_pruning_leaves_the_log_in_which_the_oldest_backup_was_made(tmp_path: Path) -> None:
    store, moment = store_at(str(tmp_path / "store")), 1_000_000
    for taken, log in ((10 * moment, "binlog.000007"), (20 * moment, "binlog.000008")):
        Laying("desk", "server", {}, store, KEY, taken=taken, server="5a", log=log).finish(0.0)
    segments = [
        Segment("5a", "binlog.000006", 0, 9, 5 * moment, "desk"),
        Segment("5a", "binlog.000007", 0, 50, 9 * moment, "desk"),
        Segment("5a", "binlog.000007", 50, 90, 11 * moment, "desk"),
        Segment("4b", "binlog.000009", 0, 9, 8 * moment, "desk"),
    ]
    for segment in segments:
        put(store, segment.key, b"")

    assert prune(store, "desk", Policy()).logs == 2
    left = [Segment.of(stored.key) for stored in store.list(logs.place("desk"))]
    assert left == segments[1:3]


class Endless:
    """A source without an end; it does something when it has given so much."""

    def __init__(self, act: object = None, after: int = 1 << 40) -> None:
        self._act = act
        self._left = after

    def read(self, size: int = -1, /) -> bytes:
        self._left -= size
        if self._left < 0 and callable(self._act):
            act, self._act = self._act, None
            act()
        return bytes(size)


def test_a_store_that_goes_away_in_the_middle_has_the_last_backup_when_it_is_back(
    place: Sandbox, s3: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_at(s3.bucket())
    first = made(place, store)

    def breaking(_: Sandbox, laying: Laying, __: object) -> None:
        laying.lay("data/large", Limited(Endless(s3.stop, 20 << 20), 60 << 20))

    with monkeypatch.context() as patch:
        patch.setattr(create, "_copy_files", breaking)
        with pytest.raises(TradectlError, match="does not answer") as caught:
            made(place, store)
    s3.start()

    assert caught.value.exit_code is ExitCode.NOT_UP
    assert "what lay there before still does" in caught.value.hint
    assert [each.manifest.id for each in catalogue.every(store, "default")] == [first.id]
    assert whole(store).manifest == first
    assert len(list(catalogue.unfinished(store, "default"))) == 1
    assert prune(store, "default", Policy()).unfinished == 1
    assert whole(store).manifest == first


class Limited:
    """So many bytes of a source."""

    def __init__(self, source: Readable, size: int) -> None:
        self._source = source
        self._left = size

    def read(self, size: int = -1, /) -> bytes:
        piece = self._source.read(min(size, self._left))
        self._left -= len(piece)
        return piece


@pytest.mark.usefixtures("s3")
def test_nobody_at_the_stores_door_is_said(place: Sandbox) -> None:
    with pytest.raises(TradectlError, match="does not answer") as caught:
        made(place, store_at("s3://bucket?endpoint=http://127.0.0.1:1"))
    assert caught.value.exit_code is ExitCode.NOT_UP


def test_wrong_credentials_are_said(place: Sandbox, s3: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = s3.bucket()
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "another")
    with pytest.raises(TradectlError, match="refuses") as caught:
        made(place, store_at(bucket))
    assert caught.value.exit_code is ExitCode.BAD_INPUT
    assert "credentials" in caught.value.hint


def test_pruning_waits_for_a_newer_one_to_be_verified(place: Sandbox, store: Store) -> None:
    first, second = made(place, store), made(place, store)

    assert prune(store, "default", Policy(0, 0, 0)).removed == []
    verify(store, "default", KEY, second.id)
    assert prune(store, "default", Policy(0, 0, 0), dry=True).removed == [first.id]
    assert prune(store, "default", Policy(0, 0, 0)).removed == [first.id]
    assert [each.manifest.id for each in catalogue.every(store, "default")] == [second.id]
    assert not store.list(catalogue.place("default", first.id))


def test_what_a_store_has_locked_stays_and_is_whole(place: Sandbox, s3: Gateway) -> None:
    store = store_at(s3.bucket(locks=True))
    first, second = made(place, store, days=1), made(place, store)
    verify(store, "default", KEY, second.id)
    done = prune(store, "default", Policy(0, 0, 0))

    assert (done.removed, list(done.locked)) == ([], [first.id])
    assert verify(store, "default", KEY, first.id).rows == 3


def test_the_page_of_metrics_is_shown_as_it_is_now(tmp_path: Path) -> None:
    file = metrics.path(tmp_path, "desk")
    server = serve("0", file)
    try:
        url = f"http://127.0.0.1:{server.server_port}/metrics"
        assert http.get(url).body == b""
        metrics.note(file, "desk", {metrics.SHIPPED: 5.0})
        assert metrics.parsed(http.get(url).body.decode()) == {metrics.SHIPPED: 5.0}
    finally:
        server.shutdown()
        server.server_close()
    with pytest.raises(TradectlError, match="no page can be shown at here"):
        serve("here", file)
