"""Which parts a fault is told to."""

from pathlib import Path

import pytest

from services.contracts.faults import KINDS
from tradectl.errors import ExitCode, TradectlError
from tradectl.fault.places import Places
from tradectl.stack.backends.local import Local
from tradectl.stack.settings import RunSettings, keep
from tradectl.stack.state import Sandbox, write_json


@pytest.fixture(autouse=True)
def up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody listens: what is asked is who would be told."""
    monkeypatch.setattr(Local, "endpoints", lambda _: {"network.http": "http://127.0.0.1:20000"})


def places(tmp_path: Path, backend: str) -> Places:
    place = Sandbox("default", tmp_path)
    place.create()
    keep(place, RunSettings(backend=backend, network_faults=True))
    write_json(place.secrets, {"key": "key"})
    return Places(place)


@pytest.mark.parametrize("between", ["orders,primary", "replica, portfolio", "bff,redis", "chat,rabbitmq"])
def test_a_network_leads_to_servers_in_containers_alone(tmp_path: Path, between: str) -> None:
    latency = KINDS["network.latency"]
    assert places(tmp_path / "c", "containers").suffering(latency, {"between": between}) == ("network",)
    with pytest.raises(TradectlError, match="no network leads to the") as caught:
        places(tmp_path / "e", "embedded").suffering(latency, {"between": between})
    assert caught.value.exit_code is ExitCode.CONFLICT
    assert "--backend containers" in caught.value.hint
