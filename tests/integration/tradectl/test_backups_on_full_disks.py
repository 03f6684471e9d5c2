"""Backups where a disk is full: the store's, the sandbox's, that of who verifies."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.buckets import gateway
from tests.integration.tradectl.filed import filled, held, made, put_back, whole, write
from tradectl.backup import catalogue
from tradectl.backup.store import Store, store_at
from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import Sandbox


@pytest.fixture
def place(tmp_path: Path) -> Sandbox:
    return filled(tmp_path)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 12 MiB."""
    where = tmp_path / "disk"
    where.mkdir()
    mounted = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", where], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"no disk can be mounted here: {mounted.stderr.strip()}")
    yield where
    subprocess.run(["/bin/umount", "--lazy", where], check=True)


def fill(disk: Path) -> None:
    """Leave 4 MiB of it."""
    (disk / "fill").write_bytes(bytes(shutil.disk_usage(disk).free - (4 << 20)))


def refused_for_room(act: Callable[[], object]) -> None:
    with pytest.raises(TradectlError, match="no room is left") as caught:
        act()
    assert caught.value.exit_code is ExitCode.STATE_UNUSABLE
    assert "prune" in caught.value.hint


@contextmanager
def in_a_folder(disk: Path) -> Iterator[Store]:
    yield store_at(str(disk / "store"))


@contextmanager
def behind_an_s3(disk: Path) -> Iterator[Store]:
    (disk / "s3").mkdir()
    with gateway(disk / "s3") as served:
        yield store_at(served.bucket())


@pytest.mark.parametrize("kept", [in_a_folder, behind_an_s3])
def test_a_full_disk_of_the_store_leaves_the_last_backup_and_nothing_else(
    place: Sandbox, disk: Path, kept: Callable[[Path], AbstractContextManager[Store]]
) -> None:
    with kept(disk) as store:
        first = made(place, store)
        before = store.list("")
        write(place, 2, 5 << 20)
        fill(disk)
        refused_for_room(lambda: made(place, store))

        assert store.list("") == before
        assert list(disk.rglob("*.draft")) == []
        assert whole(store).manifest == first


def test_a_full_disk_of_the_sandbox_is_said_and_leaves_it_as_it_is(place: Sandbox, disk: Path, tmp_path: Path) -> None:
    moved = Sandbox("default", disk / "sandboxes" / "default")
    shutil.copytree(place.root, moved.root)
    store = store_at(str(tmp_path / "store"))
    write(place, 2, 5 << 20)
    made(place, store)
    fill(disk)
    refused_for_room(lambda: put_back(moved, store))
    assert held(moved) == [[1], [1], [1]]
    assert [path.name for path in moved.root.iterdir() if path.name.startswith(".backup")] == []

    (disk / "fill").unlink()
    write(moved, 2, 2 << 20)
    fill(disk)
    (disk / "more").write_bytes(bytes(3 << 20))
    refused_for_room(lambda: made(moved, store))
    assert len(catalogue.every(store, "default")) == 1


def test_a_full_disk_while_verifying_is_no_damage(
    place: Sandbox, disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = store_at(str(tmp_path / "store"))
    write(place, 2, 5 << 20)
    made(place, store)
    fill(disk)
    with monkeypatch.context() as patch:
        patch.setattr(tempfile, "tempdir", str(disk))
        refused_for_room(lambda: whole(store))
    assert not catalogue.find(store, "default").verified
    assert whole(store).verified
