"""A recording from its first request to the file."""

import asyncio
import signal
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tradectl.errors import ExitCode, TradectlError
from tradectl.scenario.load import load
from tradectl.scenario.positions import WrongFiles
from tradectl.scenario.recording.proxy import Proxy
from tradectl.scenario.recording.translation import Translation

ENDING = (signal.SIGINT, signal.SIGTERM)
INTENT = "What was done once through the door is done again, and comes out the same."


@dataclass(frozen=True)
class Recorded:
    """``text`` is the file, ``left_out`` what cannot be done again, ``wrong`` what keeps it from being a scenario."""

    text: str
    requests: int
    steps: int
    left_out: list[str]
    wrong: list[str]


def record(door: str, port: int, ready: Callable[[str], None], intent: str = INTENT) -> Recorded:
    """Pass requests on until an interrupt comes; TradectlError when nothing was heard that can be done again."""
    translation = Translation()
    proxy = Proxy(door, translation)
    try:
        asyncio.run(until_ended(proxy, port, ready))
    except OSError as error:
        hint = "another --port, or none: then a free one is taken"
        raise TradectlError(f"port {port} cannot be had: {error.strerror}", hint, ExitCode.USAGE) from error
    if not translation.steps:
        hint = "send requests to the address that is printed, not to the sandbox's own"
        raise TradectlError("nothing was recorded", hint, ExitCode.BAD_INPUT)
    comment = "Recorded by `tradectl scenario record`: passwords and tokens are left out, prices stand by the market."
    text = translation.file(intent, [comment])
    return Recorded(text, proxy.passed, len(translation.steps), translation.left_out, wrong_with(text))


async def until_ended(proxy: Proxy, port: int, ready: Callable[[str], None]) -> None:
    """Serve until the tool is told to end."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for each in ENDING:
        loop.add_signal_handler(each, stop.set)
    await proxy.run(port, ready, stop)


def wrong_with(text: str) -> list[str]:
    """What `tradectl scenario check` says of it, by line and column."""
    with tempfile.TemporaryDirectory(prefix="tradectl-record-") as place:
        file = Path(place) / "recorded.yaml"
        file.write_text(text, encoding="utf-8")
        try:
            load(file)
        except WrongFiles as error:
            return [f"{each.line}:{each.column}: {each.said}" for each in error.wrong]
    return []
