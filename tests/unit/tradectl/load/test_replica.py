"""Where the replica is asked how far it is behind; the engine and the server are replaced."""

from pathlib import Path
from types import SimpleNamespace

import pymysql
import pytest

from tradectl.load import replica
from tradectl.stack.state import Sandbox, write_json


@pytest.mark.parametrize(
    ("server", "expected"), [({"port": 40_001}, ("127.0.0.1", 40_001)), ({"id": "c"}, ("10.213.8.2", 3306))]
)
def test_a_replica_without_a_port_of_this_machine_is_asked_at_its_own_address(
    server: dict[str, object], expected: tuple[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sandbox, asked = Sandbox("default", tmp_path), list[tuple[str, int]]()

    def root(port: int, _: str, host: str) -> None:
        asked.append((host, port))
        raise pymysql.OperationalError

    write_json(sandbox.infrastructure, {"containers": {"replica": server}})
    monkeypatch.setattr(replica, "known", lambda _: SimpleNamespace(root="secret"))
    monkeypatch.setattr(replica, "addresses", lambda _: {"replica": "10.213.8.2"})
    monkeypatch.setattr(replica, "root", root)
    assert replica.lag_of(sandbox)() is None
    assert asked == [expected]
