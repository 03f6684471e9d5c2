"""Each check of the machine, well and failing."""

import socket
from pathlib import Path

import pytest

from tradectl.doctor import CHECKS, examine, machine
from tradectl.stack.ports import LOOPBACK
from tradectl.stack.state import Sandbox, write_json


@pytest.fixture
def place(tmp_path: Path) -> Sandbox:
    made = Sandbox("default", tmp_path / "default")
    made.create()
    return made


def test_an_old_python_is_named() -> None:
    assert machine.python((3, 11, 0)).ok
    assert "install Python 3.11" in machine.python((3, 10, 9)).mend


def test_an_address_that_cannot_be_bound_is_named() -> None:
    assert machine.loopback().ok
    assert not machine.loopback("192.0.2.1").ok  # RFC 5737: nobody has it


def test_a_port_that_somebody_took_is_named(place: Sandbox) -> None:
    with socket.create_server((LOOPBACK, 0)) as thief:
        port = thief.getsockname()[1]
        write_json(place.ports, {"orders.http": port})
        found = machine.ports([place])
    assert not found.ok
    assert f"{port} of default orders.http" in found.found
    assert machine.ports([place]).ok


def test_a_state_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    assert machine.state_directory(tmp_path / "not" / "there" / "yet").ok
    assert "TRADECTL_HOME" in machine.state_directory(Path("/proc/nowhere")).mend


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    assert machine.disk(tmp_path, needed_mib=0).ok
    assert "free" in machine.disk(tmp_path, needed_mib=2**40).mend


def test_too_little_memory_is_named() -> None:
    assert machine.memory(4_000).ok
    assert machine.memory(None).ok
    assert not machine.memory(100).ok


def test_available_memory_is_read_where_the_system_says_it(tmp_path: Path) -> None:
    (tmp_path / "meminfo").write_text("MemTotal: 4096 kB\nMemAvailable:    2048 kB\n")
    assert machine.available_memory(tmp_path / "meminfo") == 2
    assert machine.available_memory(tmp_path / "nothing") is None


def test_a_sandbox_that_died_is_named(place: Sandbox) -> None:
    assert machine.stale([place]).ok
    place.pid.write_text("1")
    assert "tradectl up --name default" in machine.stale([place]).mend


def test_a_supervisor_without_a_host_is_named(place: Sandbox) -> None:
    assert machine.hosts([place]).ok
    held = place.hold()
    assert held is not None
    assert "tradectl logs host" in machine.hosts([place]).mend


def test_a_clock_in_the_past_is_named() -> None:
    assert machine.wall_clock(machine.BUILT + 1).ok
    assert machine.wall_clock(0).mend


def test_a_package_that_is_not_installed_is_named() -> None:
    assert machine.package("pytest").ok
    assert "make setup" in machine.package("no_such_package_of_daily_bars").mend


def test_a_missing_recording_is_named(tmp_path: Path) -> None:
    assert not machine.recording(tmp_path).ok
    assert not machine.recording(None).ok
    (tmp_path / "slice.gz").touch()
    assert machine.recording(tmp_path).ok


def test_a_library_that_is_missing_or_too_old_is_named() -> None:
    assert machine.versions({"docker": "7.1"}).ok
    old = machine.versions({"docker": "1000", "no-such-library": "1"})
    assert "(needs 1000)" in old.found
    assert "no-such-library is missing" in old.found
    assert "make setup" in old.mend


def test_what_the_package_requires_is_read_with_its_least_versions() -> None:
    said = ["sqlalchemy[asyncio]>=2.0.36", 'uvloop>=0.21; sys_platform != "win32"', 'mypy>=1.14; extra == "dev"']
    assert machine.required(said) == {"sqlalchemy": "2.0.36", "uvloop": "0.21"}
    assert "docker" in machine.required()


def test_every_check_has_a_name_of_its_own() -> None:
    names = [check.name for check in examine()]
    assert len(names) == len(set(names)) > len(CHECKS)
