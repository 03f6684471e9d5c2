"""Ten rounds of orders, in each a part killed or paused; `make torture` plays a thousand."""

import asyncio
from pathlib import Path

import pytest

from tests import containers
from tests.torture.__main__ import some
from tests.torture.victims import all_victims

SEED = 20241124
ROUNDS = range(1, 11)


@pytest.mark.timeout(400)
def test_ten_rounds_of_killing_and_pausing_lose_nothing(tmp_path: Path) -> None:
    for kind in containers.IMAGES:
        containers.need(kind)
    wrong = asyncio.run(some(SEED, ROUNDS, all_victims(), tmp_path / "torture.jsonl"))
    assert wrong is None, wrong
