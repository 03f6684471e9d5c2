"""A home for each test, and one platform that tests share when they only look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import composing
from tests.containers import IMAGES, need
from tests.e2e.tool import Tool

PATIENCE = 300
"""Seconds for a test: several starts of a sandbox on containers, beside another worker's; a command has 100."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests of this folder take as long as the sandboxes that they start."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent) and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(PATIENCE))


@pytest.fixture
def tool(tmp_path: Path) -> Iterator[Tool]:
    """A home of this test's own; nothing of it is left running."""
    made = Tool(tmp_path)
    yield made
    made.run("down", "--all")
    assert made.leftovers() == []


@pytest.fixture
def contained(tmp_path: Path) -> Iterator[Tool]:
    """As `tool`, where services are processes on servers in containers."""
    yield from contained_in(tmp_path)


@pytest.fixture(scope="session")
def processes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A platform that is up in containers."""
    for made in contained_in(tmp_path_factory.mktemp("processes")):
        made.ok("up", "--quiet")
        yield made


def contained_in(home: Path) -> Iterator[Tool]:
    """A home on the containers backend; nothing of it is left, neither here nor in the engine."""
    for kind in IMAGES:
        need(kind)
    made = Tool(home, "containers")
    try:
        yield made
    finally:  # also where a fixture that has begun with it fails
        made.run("down", "--all")
    assert made.leftovers() == []
    assert made.in_engine() == []


@pytest.fixture
def on_compose(tmp_path: Path) -> Iterator[Tool]:
    """A platform that is up on the compose backend; nothing of it is left, neither here nor in the engine."""
    composing.need(composing.without_image())
    made = Tool(tmp_path / "home", "compose")
    try:
        with made.running("up", "--timeout", "400", "--quiet") as up:
            assert up.wait(500) == 0, up.communicate()[1]
        yield made
    finally:
        made.run("down")
    assert (made.leftovers(), made.in_engine()) == ([], [])


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A platform that is up."""
    made = Tool(tmp_path_factory.mktemp("platform"))
    made.ok("up", "--quiet")
    yield made
    made.run("down", "--all")
    assert made.leftovers() == []
