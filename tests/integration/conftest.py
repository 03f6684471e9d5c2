"""Parts for each test, and back when it is over."""

from collections.abc import Iterator

import pytest

from tests import parts


@pytest.fixture(autouse=True)
def _parts(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set up before, and so torn down after, every fixture that uses them."""
    mark = request.node.get_closest_marker("embedded" if parts.real() else "containers")
    if mark is not None:
        pytest.skip(mark.args[0])
    yield
    parts.give_back()
