"""A MySQL for each module that backs one up by its address."""

from collections.abc import Iterator

import pytest

from tests.integration.tradectl.primaries import Primary, started


@pytest.fixture(scope="module")
def running() -> Iterator[Primary]:
    with started() as server:
        yield server


@pytest.fixture
def primary(running: Primary) -> Primary:
    """As if it were new, with a first row."""
    running.lose()
    running.fill()
    return running
