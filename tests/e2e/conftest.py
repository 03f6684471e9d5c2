"""A home for each test, and one platform that tests share when they only look at it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.tool import Tool


@pytest.fixture
def tool(tmp_path: Path) -> Iterator[Tool]:
    """A home of this test's own; nothing of it is left running."""
    made = Tool(tmp_path)
    yield made
    made.run("down", "--all")
    assert made.leftovers() == []


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tool]:
    """A platform that is up."""
    made = Tool(tmp_path_factory.mktemp("platform"))
    made.ok("up", "--quiet")
    yield made
    made.run("down", "--all")
    assert made.leftovers() == []
