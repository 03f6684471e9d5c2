"""Parts for each test, and back when it is over; logs for those that read them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from services.runtime import logfile
from tests import parts
from tests.integration.logs import Logs


@pytest.fixture(autouse=True)
def _parts(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set up before, and so torn down after, every fixture that uses them."""
    mark = request.node.get_closest_marker("embedded" if parts.real() else "containers")
    if mark is not None:
        pytest.skip(mark.args[0])
    yield
    parts.give_back()


@pytest.fixture
def logs(tmp_path: Path) -> Iterator[Logs]:
    """What is logged from now on."""
    logfile.configure(tmp_path / "logs")
    yield Logs(tmp_path / "logs")
    logfile.forget()
