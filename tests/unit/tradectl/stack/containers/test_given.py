"""How external servers are named."""

from pathlib import Path

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack.containers import external
from tradectl.stack.containers.external.given import NAMES, Address, Given, said

URLS = {"mysql": "mysql://root:s%40cret@db.example:3307", "amqp": "amqp://u:p@mq.example/trade", "redis": "redis://r"}


@pytest.fixture(autouse=True)
def _unnamed(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*NAMES, "file"):
        monkeypatch.delenv(f"TRADECTL_EXTERNAL_{name.upper()}", raising=False)


def test_the_environment_names_them() -> None:
    assert said({f"TRADECTL_EXTERNAL_{name.upper()}": url for name, url in URLS.items()}) == URLS


def test_a_file_names_them_and_the_environment_comes_first(tmp_path: Path) -> None:
    file = tmp_path / "servers.toml"
    file.write_text("".join(f'{name} = "{url}"\n' for name, url in URLS.items()))
    file.chmod(0o600)
    told = {"TRADECTL_EXTERNAL_FILE": str(file), "TRADECTL_EXTERNAL_REDIS": "redis://other"}
    assert said(told) == URLS | {"redis": "redis://other"}


@pytest.mark.parametrize(
    ("text", "mode", "message"),
    [
        ('redis = "redis://r"', 0o644, "can be read by others"),
        ("redis = ", 0o600, "cannot be read"),
        ('memcached = "x"', 0o600, "memcached is none of its settings"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused(tmp_path: Path, text: str, mode: int, message: str) -> None:
    file = tmp_path / "servers.toml"
    file.write_text(text)
    file.chmod(mode)
    with pytest.raises(TradectlError, match=message) as caught:
        said({"TRADECTL_EXTERNAL_FILE": str(file)})
    assert caught.value.exit_code is ExitCode.BAD_INPUT


def test_what_is_not_named_is_said_with_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADECTL_EXTERNAL_MYSQL", URLS["mysql"])
    why = external.usable()
    assert why is not None
    assert why.startswith("TRADECTL_EXTERNAL_AMQP, TRADECTL_EXTERNAL_REDIS: not set")
    monkeypatch.setenv("TRADECTL_EXTERNAL_AMQP", URLS["amqp"])
    monkeypatch.setenv("TRADECTL_EXTERNAL_REDIS", URLS["redis"])
    assert external.usable() is None


def test_an_address_is_read_and_written_with_its_passwords_quoted() -> None:
    servers = Given(**URLS)
    mysql = servers.address("mysql")
    assert mysql == Address(host="db.example", port=3307, user="root", password="s@cret", path="")
    assert mysql.url("mysql+asyncmy") == "mysql+asyncmy://root:s%40cret@db.example:3307/"
    assert servers.address("redis").url("redis") == "redis://r:6379/"
    assert str(servers.management) == "mq.example:15672"


@pytest.mark.parametrize(
    "url", ["postgres://x", "mysql://", "mysql://u:secret@h:port", "mysql://u:secret@h/?ssl=1", "secret"]
)
def test_a_url_that_cannot_be_used_is_refused_and_not_shown(url: str) -> None:
    with pytest.raises(TradectlError, match="TRADECTL_EXTERNAL_MYSQL") as caught:
        Given(**URLS | {"mysql": url}).address("mysql")
    assert "secret" not in caught.value.message


def test_no_password_is_in_what_is_printed_of_it() -> None:
    servers = Given(**URLS)
    assert "s%40cret" not in repr(servers)
    assert "s@cret" not in repr(servers.address("mysql"))
