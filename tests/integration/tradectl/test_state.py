"""A sandbox's files."""

import os
import stat
from pathlib import Path

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.state import Sandbox, existing, read_json, sandbox, write_json


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("TRADECTL_HOME", str(tmp_path))
    return tmp_path


def test_a_sandbox_lies_in_the_home_by_its_name(home: Path) -> None:
    assert sandbox("one").root == home / "sandboxes" / "one"


def test_without_a_home_of_our_own_it_is_the_platforms_data_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRADECTL_HOME")
    assert sandbox("one").root.parts[-3:] == ("tradectl", "sandboxes", "one")


@pytest.mark.parametrize("name", ["", "A", "../x", "a b", "x" * 32, "-x"])
def test_a_name_that_could_leave_the_home_is_refused(name: str) -> None:
    with pytest.raises(TradectlError) as caught:
        sandbox(name)
    assert caught.value.exit_code is ExitCode.USAGE


def test_keys_are_made_once_for_their_owner_alone() -> None:
    place = sandbox("one")
    place.create()
    keys = place.keys()
    place.create()
    assert place.keys() == keys
    assert len(keys["key"]) > 40
    assert stat.S_IMODE(place.secrets.stat().st_mode) == 0o600
    assert stat.S_IMODE(place.root.stat().st_mode) == 0o700


def test_a_place_that_cannot_be_written_is_an_error_with_its_mend() -> None:
    with pytest.raises(TradectlError) as caught:
        Sandbox("one", Path("/proc/nowhere/one")).create()
    assert caught.value.exit_code is ExitCode.STATE_UNUSABLE
    assert "TRADECTL_HOME" in caught.value.hint


def test_only_one_process_holds_a_sandbox() -> None:
    place = sandbox("one")
    place.create()
    assert not place.in_use()
    held = place.hold()
    assert held is not None
    assert place.in_use()
    assert place.hold() is None
    os.close(held)
    assert not place.in_use()


def test_the_lock_of_a_command_goes_with_the_sandbox(home: Path) -> None:
    place = sandbox("one")
    with place.exclusively():
        place.create()
    assert (home / "sandboxes" / ".one.lock").exists()
    with place.exclusively():
        place.remove()
    assert list((home / "sandboxes").iterdir()) == []


def test_existing_sandboxes_are_those_that_were_started() -> None:
    sandbox("one").create()
    write_json(sandbox("one").settings, {})
    sandbox("two").create()
    assert [place.name for place in existing()] == ["one"]


def test_a_damaged_file_is_an_error_with_its_mend() -> None:
    place = sandbox("one")
    place.create()
    place.secrets.write_text("{")
    with pytest.raises(TradectlError) as caught:
        read_json(place.secrets)
    assert "tradectl down" in caught.value.hint
