"""What a process of its own is given by its environment."""

import json
from pathlib import Path

import pytest

from services.runtime.environment import Given


def test_a_secret_stands_in_the_place_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "redis").write_text("opensesame\n")
    given = Given(
        {"TRADECTL_SECRETS": str(tmp_path), "TRADECTL_URLS": json.dumps({"cache": "redis://:<redis>@redis/0"})}
    )
    assert given.names("TRADECTL_URLS") == {"cache": "redis://:opensesame@redis/0"}


def test_a_secret_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        Given({"TRADECTL_SECRETS": str(tmp_path)}).filled("<nowhere>")


def test_without_ports_by_name_there_is_one_for_http() -> None:
    assert Given({}).ports() == {"http": 0}
    assert Given({"TRADECTL_PORT": "8000"}).ports() == {"http": 8000}
    assert Given({"TRADECTL_PORT": "1", "TRADECTL_PORTS": '{"http": 8000, "grpc": 8001}'}).ports()["grpc"] == 8001


def test_who_is_told_nothing_listens_on_loopback() -> None:
    assert Given({}).address() == "127.0.0.1"
    assert Given({"TRADECTL_HOST": "0.0.0.0"}).address() == "0.0.0.0"
