"""Settings that hold for every test."""

import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from services.runtime import faults, waiting
from tests import parts

if TYPE_CHECKING:
    from tests.pictures import Gallery

waiting.mend()  # as wherever services run

# An example's time is the machine's affair; pytest-timeout ends what hangs.
settings.register_profile("tradectl", deadline=None)
settings.load_profile("tradectl")

WITH_PARTS = ("integration", "e2e")
WITHOUT_PARTS = tuple(f"integration/{room}" for room in ("sim", "fix", "runtime", "tradectl"))
"""Rooms of the integration tests that use no database, broker or cache: they are run once, with the others."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--parts", choices=parts.KINDS, default="embedded", help="what integration tests run on (tests/parts.py)"
    )
    parser.addoption("--again", action="store_true", help="run what fails on real parts once more, and name it")
    parser.addoption("--draw", action="store_true", help="store pictures as they look now (tests/pictures.py)")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the parts; real servers are started once, before the workers that share them."""
    parts.choose(config.getoption("parts"))
    if not parts.real() or hasattr(config, "workerinput") or config.getoption("collectonly"):
        return
    from tests import containers

    why = containers.missing_any()
    if why is not None:
        pytest.exit(f"no integration tests on containers: {why}", returncode=int(containers.required()))
    containers.share(containers.mysql, containers.rabbitmq)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On real servers only what uses them; a second chance for what shares this machine with others."""
    if config.getoption("again"):
        for item in _below(config, items, WITH_PARTS):
            item.add_marker(pytest.mark.flaky(reruns=1))
    if not parts.real():
        return
    left_out = _below(config, items, WITHOUT_PARTS)
    items[:] = [item for item in items if item not in left_out]
    config.hook.pytest_deselected(items=left_out)


def _below(config: pytest.Config, items: list[pytest.Item], folders: tuple[str, ...]) -> list[pytest.Item]:
    places = [config.rootpath / "tests" / folder for folder in folders]
    return [item for item in items if any(item.path.is_relative_to(place) for place in places)]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What failed and held when it was run again is a race, of the test or of the product: it is told whole."""
    for report in terminalreporter.getreports("rerun"):
        terminalreporter.section(f"failed, and was run again: {report.nodeid}", "!", yellow=True)
        terminalreporter.line(report.longreprtext)


def pytest_sessionfinish() -> None:
    """Remove the containers that tests of this worker have started, if any has."""
    if containers := sys.modules.get("tests.containers"):
        containers.remove_mine()


@pytest.fixture
def gallery(request: pytest.FixtureRequest) -> "Gallery":
    """The stored pictures beside the test's module."""
    from tests.pictures import Gallery

    return Gallery(request.path.parent / "pictures", draw=bool(request.config.getoption("draw")))


@pytest.fixture
def mended() -> Iterator[None]:
    """What a test breaks is whole again after it."""
    yield
    faults.forget()
