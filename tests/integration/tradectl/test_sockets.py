"""The sockets in the supervisor's hands."""

import os
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tradectl.stack import ports
from tradectl.stack.sockets import Sockets

NAMES = ("orders.http", "chat.http")


@pytest.fixture
def sockets(tmp_path: Path) -> Iterator[Sockets]:
    made = Sockets(NAMES, tmp_path / "ports.json")
    yield made
    made.keep_only(())


def port(tmp_path: Path, name: str = "orders.http") -> int:
    return ports.remembered(tmp_path / "ports.json")[name]


def test_a_port_that_is_withheld_refuses_and_the_others_do_not(sockets: Sockets, tmp_path: Path) -> None:
    assert ports.answers(port(tmp_path))
    sockets.withhold(["orders.http"])
    assert not ports.answers(port(tmp_path))
    assert ports.answers(port(tmp_path, "chat.http"))
    sockets.listen(["orders.http"])
    assert ports.answers(port(tmp_path))


def test_another_process_may_listen_on_a_port_that_is_withheld(sockets: Sockets, tmp_path: Path) -> None:
    sockets.withhold(["orders.http"])
    with closing(ports.take("orders.http", port(tmp_path))):
        assert ports.answers(port(tmp_path))
    sockets.listen(["orders.http"])
    assert ports.answers(port(tmp_path))


def test_nobody_is_given_a_port_that_is_withheld_by_chance(sockets: Sockets, tmp_path: Path) -> None:
    sockets.withhold(["orders.http"])
    with closing(socket.socket()) as other, pytest.raises(OSError, match=os.strerror(98)):
        other.bind((ports.LOOPBACK, port(tmp_path)))


def test_a_child_keeps_its_own_alone(tmp_path: Path) -> None:
    sockets = Sockets(NAMES, tmp_path / "ports.json")
    own = sockets.keep_only(["orders.http"])
    assert list(own) == ["orders.http"]
    assert not ports.answers(port(tmp_path, "chat.http"))
    own["orders.http"].close()


def test_a_port_is_withheld_although_a_child_that_was_just_forked_has_a_copy(sockets: Sockets, tmp_path: Path) -> None:
    with closing(sockets.keep_only(NAMES)["orders.http"].dup()):
        sockets.withhold(["orders.http"])
        assert not ports.answers(port(tmp_path))
        sockets.listen(["orders.http"])
        assert ports.answers(port(tmp_path))
