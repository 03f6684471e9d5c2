"""Ports of a sandbox."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tradectl.errors import ExitCode, TradectlError
from tradectl.stack import ports

NAMES = ("orders.http", "broker.fix")


@contextmanager
def bound(path: Path) -> Iterator[dict[str, int]]:
    sockets = ports.bind(NAMES, path)
    try:
        yield {name: each.getsockname()[1] for name, each in sockets.items()}
    finally:
        for each in sockets.values():
            each.close()


def test_ports_are_given_by_the_system_once_and_taken_again_after_that(tmp_path: Path) -> None:
    with bound(tmp_path / "ports.json") as first:
        assert len(set(first.values())) == 2
    with bound(tmp_path / "ports.json") as second:
        assert second == first


def test_a_port_that_another_process_has_is_an_error_that_names_it_and_the_mend(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    with bound(path) as given:
        pass
    with socket.create_server((ports.LOOPBACK, given["broker.fix"])), pytest.raises(TradectlError) as caught:
        ports.bind(NAMES, path)
    assert caught.value.exit_code is ExitCode.PORT_TAKEN
    assert f"port {given['broker.fix']} of broker.fix is taken" in caught.value.message
    assert "--new-ports" in caught.value.hint
    assert not ports.answers(given["orders.http"]), "the other socket was left open"


def test_a_passing_connection_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "ports.json"
    with bound(path) as given:
        pass
    port = given["orders.http"]
    with socket.create_server((ports.LOOPBACK, 0)) as server:
        passing = socket.create_connection(server.getsockname(), source_address=(ports.LOOPBACK, port))
        accepted, _ = server.accept()

        def end() -> None:
            accepted.close()
            passing.close()

        timer = threading.Timer(0.2, end)
        timer.start()
        with bound(path) as again:
            assert again == given
        timer.join()


def test_who_holds_a_port_is_named_where_the_system_shows_it() -> None:
    if not Path("/proc/net/tcp").exists():
        pytest.skip("this system has no /proc")
    with socket.create_server((ports.LOOPBACK, 0)) as listener:
        holder = ports.holder(listener.getsockname()[1])
    assert holder is not None
    assert "pid" in holder


def test_endpoints_are_urls() -> None:
    assert ports.endpoint("orders.http", 1) == "http://127.0.0.1:1"
    assert ports.endpoint("broker.fix", 2) == "tcp://127.0.0.1:2"
