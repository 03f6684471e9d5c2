"""The chain of producer, broker and consumer."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.integration.kernel.chain import Chain, chain_in


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[Chain]:
    async with chain_in(tmp_path) as chain:
        yield chain
