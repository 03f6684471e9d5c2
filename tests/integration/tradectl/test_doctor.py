"""The doctor's checks of containers on a real engine, well and failing."""

import gc
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import containers
from tradectl.doctor import servers
from tradectl.stack.containers import engine
from tradectl.stack.containers.images import Images
from tradectl.stack.leftovers import Leftover, Verdict
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.state import Sandbox, sandbox

RUNNING = dict.fromkeys(("primary", "replica", "rabbitmq", "redis"), "running")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    monkeypatch.setenv("TRADECTL_HOME", str(tmp_path))
    made = sandbox("default")
    made.create()
    return made


@pytest.fixture
def no_engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/nobody.sock")
    # Docker's client is kept by the process: another asks anew.
    monkeypatch.setattr(engine, "connect", engine.connect.__wrapped__)
    yield
    with warnings.catch_warnings():  # Docker's client leaves the socket open that it could not connect
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


@pytest.mark.usefixtures("no_engine")
def test_without_an_engine_all_is_well_until_a_sandbox_needs_one(place: Sandbox) -> None:
    keep(place, RunSettings(backend="embedded"))
    (noted,) = servers.examine([place], 4_000)
    assert (noted.name, noted.ok) == ("engine", True)
    assert "--backend embedded" in noted.mend
    keep(place, RunSettings(backend="containers"))
    (failed,) = servers.examine([place], 4_000)
    assert not failed.ok


def test_a_real_engine_is_reached_and_has_memory() -> None:
    containers.need("redis")
    assert servers.reached(engine.unusable(), needed=True).ok
    assert servers.engine_memory() > 0


def images(percona: str) -> Images:
    return {"percona": percona, "rabbitmq": containers.image("rabbitmq"), "redis": containers.image("redis")}


def test_an_image_that_is_neither_here_nor_to_be_had_is_named() -> None:
    for kind in containers.IMAGES:
        containers.need(kind)
    assert servers.obtained(images(containers.image("mysql")), needed=True).ok
    missing = images("127.0.0.1:9/no-such-image:1")
    failed = servers.obtained(missing, needed=True)
    assert not failed.ok
    assert "127.0.0.1:9/no-such-image:1" in failed.found
    assert "TRADECTL_IMAGE_PERCONA" in failed.mend
    assert servers.obtained(missing, needed=False).ok


def test_too_little_memory_is_named_wherever_it_is_short() -> None:
    assert servers.memory(4_000, 4_000, needed=True).ok
    assert servers.memory(None, 4_000, needed=True).ok
    assert not servers.memory(4_000, 1_000, needed=True).ok
    assert not servers.memory(1_000, 4_000, needed=True).ok
    assert servers.memory(1_000, 4_000, needed=False).ok


def test_a_server_that_does_not_run_is_named() -> None:
    assert servers.running({"default": RUNNING}).ok
    failed = servers.running({"default": RUNNING, "other": RUNNING | {"redis": "exited"}})
    assert failed.found == "other: redis is exited"
    assert "tradectl up --name other" in failed.mend


def test_what_a_crash_left_is_named_and_of_another_home_noted(place: Sandbox, tmp_path: Path) -> None:
    assert servers.left([], tmp_path).ok
    found = Leftover(sandbox=place, verdict=Verdict(why="", remove_state=True))
    failed = servers.left([found], tmp_path)
    assert not failed.ok
    assert str(place.root) in failed.found
    assert "tradectl gc" in failed.mend
    assert servers.left([found], tmp_path / "elsewhere").ok
