"""QuickFIX's 59 acceptance definitions for FIX 4.4, where they lie beside the repository."""

import asyncio
import sys
from pathlib import Path

import pytest

from services.fix.transport import Acceptor, Endpoint
from tests.integration.fix.echo import SETTINGS, Echo

DEFINITIONS = Path(__file__).parents[4] / "shared" / "fix44"
SLOW = ("4a_NoDataSentDuringHeartBtInt", "6_SendTestRequest")
"""They wait for heartbeats of six seconds, so each is played beside the others."""


async def play(names: list[str]) -> str:
    """What the runner prints for these definitions."""
    async with Acceptor([Endpoint(SETTINGS, Echo())]) as acceptor:
        runner = await asyncio.create_subprocess_exec(
            sys.executable, str(DEFINITIONS / "run"), str(acceptor.port), *names, stdout=asyncio.subprocess.PIPE
        )
        printed, _ = await runner.communicate()
    return printed.decode().strip()


@pytest.mark.skipif(not (DEFINITIONS / "run").exists(), reason="the definitions are not beside this clone")
async def test_every_acceptance_definition_passes() -> None:
    names = [path.stem for path in sorted((DEFINITIONS / "definitions").glob("*.def"))]
    batches = [[name] for name in SLOW] + [[f"{name}.def" for name in names if name not in SLOW]]
    printed = await asyncio.gather(*(play(batch) for batch in batches))
    assert printed == ["1 passed, 0 failed", "1 passed, 0 failed", f"{len(names) - 2} passed, 0 failed"]
