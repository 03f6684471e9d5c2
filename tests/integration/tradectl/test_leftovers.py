"""What crashes left in a real engine, and what `tradectl gc` makes of it."""

import json
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker
import pytest
from typer.testing import CliRunner

from tests import containers
from tests.eventually import eventually
from tests.integration.tradectl import killed
from tests.integration.tradectl.test_supervisor import supervising
from tradectl.cli.app import app
from tradectl.errors import ExitCode
from tradectl.stack.containers import fresh
from tradectl.stack.containers.owner import HOME, Owner
from tradectl.stack.containers.passwords import passwords
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.state import Sandbox, sandbox, write_json

ALL = {"container", "network", "volume"}


@pytest.fixture(scope="module")
def client() -> Iterator[docker.DockerClient]:
    containers.need("redis")
    made = docker.from_env()
    yield made
    made.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    chosen = tmp_path / "home"
    chosen.mkdir()
    monkeypatch.setenv("TRADECTL_HOME", str(chosen))
    return chosen


@pytest.fixture
def engine(client: docker.DockerClient, tmp_path: Path) -> Iterator["Engine"]:
    made = Engine(client, tmp_path)
    yield made
    made.empty()


class Engine:
    """What the engine has of the homes of one test."""

    def __init__(self, client: docker.DockerClient, folder: Path) -> None:
        self._client, self._folder = client, folder

    def give(self, place: Sandbox, life: str = "") -> None:
        """A container that runs, its network and its volume, as a sandbox has them."""
        owner = Owner(place.name, place.root.parent.parent, life or passwords(place).life)
        network = self._client.networks.create(owner.name(), labels=owner.labels())
        self._client.volumes.create(owner.name("redis"), labels=owner.labels("redis"))
        self._client.containers.run(
            containers.image("redis"),
            detach=True,
            name=owner.name("redis"),
            labels=owner.labels("redis"),
            network=network.name,
            volumes=[f"{owner.name('redis')}:/data"],
        )

    def _things(self) -> Iterator[tuple[str, Any]]:
        found: dict[str, list[Any]] = {
            "container": self._client.containers.list(all=True, filters={"label": HOME}, ignore_removed=True),
            "network": self._client.networks.list(filters={"label": HOME}),
            "volume": self._client.volumes.list(filters={"label": HOME}),
        }
        for kind, things in found.items():
            for thing in things:
                labels = thing.attrs.get("Labels") or thing.attrs["Config"]["Labels"]
                if Path(labels[HOME]).is_relative_to(self._folder):
                    yield kind, thing

    def kinds(self) -> set[str]:
        return {kind for kind, _ in self._things()}

    def empty(self) -> None:
        for kind, thing in list(self._things()):
            thing.remove(**{} if kind == "network" else {"force": True})


def gc(*arguments: str) -> dict[str, str]:
    """Why each kind of thing is gone, or would be."""
    result = CliRunner().invoke(app, ["gc", "--json", *arguments])
    assert result.exit_code == 0, result.output
    document = json.loads(result.output)
    assert document["removed"] is ("--dry-run" not in arguments)
    assert document["failures"] == []
    return {row["kind"]: row["why"] for row in document["leftovers"] if row["sandbox"] == "crashed"}


@pytest.fixture
def place(home: Path) -> Sandbox:
    made = sandbox("crashed")
    made.create()
    keep(made, RunSettings())
    return made


@contextmanager
def in_use(place: Sandbox) -> Iterator[None]:
    held = place.hold()
    assert held is not None
    yield
    os.close(held)


def test_what_a_sandbox_that_is_gone_had_is_removed(place: Sandbox, engine: Engine) -> None:
    engine.give(place)
    place.remove()
    assert gc("--dry-run") == dict.fromkeys(ALL, "its sandbox is gone")
    assert engine.kinds() == ALL
    assert set(gc()) == ALL
    assert engine.kinds() == set()
    assert gc() == {}


def test_what_is_in_use_is_not_touched(place: Sandbox, engine: Engine) -> None:
    engine.give(place)
    with in_use(place):
        assert gc() == {}
    assert engine.kinds() == ALL


def test_what_is_being_started_is_not_touched(place: Sandbox, engine: Engine) -> None:
    engine.give(place)
    place.unfinished.write_text("first", encoding="ascii")
    with place.exclusively():
        assert gc() == {}
    assert engine.kinds() == ALL


def test_of_a_sandbox_that_nothing_supervises_the_data_stay(place: Sandbox, engine: Engine) -> None:
    engine.give(place)
    write_json(place.infrastructure, {"urls": {}})
    assert gc() == dict.fromkeys(ALL - {"volume"}, "nothing supervises it")
    assert engine.kinds() == {"volume"}
    assert place.exists
    assert not place.infrastructure.exists()
    assert gc() == {}


def test_of_a_first_start_that_was_killed_nothing_stays(place: Sandbox, engine: Engine) -> None:
    engine.give(place)
    place.unfinished.write_text("first", encoding="ascii")
    assert gc() == dict.fromkeys(ALL | {"state"}, "its `up` was killed")
    assert engine.kinds() == set()
    assert not place.root.exists()


def test_of_a_later_start_that_was_killed_the_data_stay(place: Sandbox, engine: Engine) -> None:
    engine.give(place)
    place.unfinished.write_text("again", encoding="ascii")
    assert set(gc()) == ALL - {"volume"}
    assert engine.kinds() == {"volume"}
    assert place.exists
    assert not place.unfinished.exists()


def test_what_an_earlier_sandbox_of_the_name_had_is_removed_from_under_one_in_use(
    place: Sandbox, engine: Engine
) -> None:
    engine.give(place, life="earlier")
    with in_use(place):
        assert gc() == dict.fromkeys(ALL, "of an earlier sandbox of this name")
    assert engine.kinds() == set()


def test_another_home_that_exists_is_left_to_its_user_and_one_that_is_gone_is_not(
    home: Path,
    tmp_path: Path,
    engine: Engine,
) -> None:
    other = Sandbox("crashed", tmp_path / "other" / "sandboxes" / "crashed")
    other.create()
    engine.give(other)
    assert gc() == {}
    assert engine.kinds() == ALL
    shutil.rmtree(tmp_path / "other")
    assert set(gc()) == ALL
    assert engine.kinds() == set()


def test_an_up_that_was_killed_while_its_servers_started_leaves_nothing_to_gc(home: Path, engine: Engine) -> None:
    containers.need("mysql")
    containers.need("rabbitmq")
    command = [sys.executable, "-m", killed.__name__, "crashed"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=os.environ) as start:
        assert start.stdout is not None
        assert any(line.startswith("ready") for line in start.stdout)
        assert gc() == {}
        start.kill()
    assert engine.kinds() == ALL
    assert set(gc()) == ALL | {"state"}
    assert engine.kinds() == set()
    assert list((home / "sandboxes").iterdir()) == []


def test_unused_data_go_when_the_image_that_they_are_for_has_gone(home: Path, client: docker.DockerClient) -> None:
    containers.need("mysql")
    kept = client.volumes.get(fresh.volume(client, containers.image("mysql")))
    gone = client.volumes.create(f"tradectl-fresh-{secrets.token_hex(6)}", labels={fresh.IMAGE: f"sha256:{'0' * 64}"})
    CliRunner().invoke(app, ["gc", "--dry-run"])
    assert gone in client.volumes.list()
    result = CliRunner().invoke(app, ["gc", "--json"])
    assert gone.name in {row["name"] for row in json.loads(result.output)["leftovers"]}
    volumes = client.volumes.list()
    assert gone not in volumes
    assert kept in volumes


async def test_the_supervisor_of_a_start_that_was_killed_is_stopped(place: Sandbox) -> None:
    keep(place, RunSettings(backend="containers"))
    write_json(place.infrastructure, {"urls": {}})
    with supervising(place) as stack:
        await eventually(lambda: len(stack.ready()) == 3, 10)
        assert "process" not in gc()
        place.unfinished.write_text("first", encoding="ascii")
        assert gc()["process"] == "its `up` was killed"
        assert stack.process.wait(10) == ExitCode.OK
    assert not place.root.exists()
