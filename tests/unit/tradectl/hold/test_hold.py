"""Whom a held run waits for."""

from types import SimpleNamespace
from typing import cast

from tradectl.hold.hold import present
from tradectl.stack.backends.backend import Backend
from tradectl.stack.children import layout_of
from tradectl.stack.settings import RunSettings

PORTS = {"orders.http": "o", "chat.http": "c", "broker.http": "b", "broker.fix": "f"}


def backend(**states: str) -> Backend:
    made = SimpleNamespace(
        children=lambda: {child: {"state": state} for child, state in states.items()},
        layout=lambda: layout_of(RunSettings(backend="containers")),
        endpoints=lambda: dict(PORTS),
    )
    return cast(Backend, made)


def test_a_service_that_was_stopped_on_purpose_is_not_waited_for() -> None:
    assert present(backend(chat="stopped", orders="running")) == {
        port: url for port, url in PORTS.items() if port != "chat.http"
    }


def test_one_that_died_or_has_said_nothing_yet_is() -> None:
    assert present(backend(chat="waiting")) == PORTS
