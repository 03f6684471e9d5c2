"""What the tool does for somebody, as spans of its own: a click at a desk, a step of a smoke run or of a scenario."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import msgspec

from services.contracts.times import rfc3339
from services.runtime import logfile, trace
from tradectl.stack.logs import Line
from tradectl.stack.state import Sandbox

TOOL = "tradectl"
"""Whose lines these are."""
Tell = Callable[[Line], None]
ENCODER = msgspec.json.Encoder(enc_hook=str)


def nobody(_: Line) -> None:
    """Is told nothing: the context is sent all the same."""


class Acts:
    """Tells of each when it ends; what is asked for meanwhile is a part of its trace."""

    def __init__(self, tell: Tell = nobody) -> None:
        self._tell = tell

    @contextmanager
    def act(self, event: str, kind: str) -> Iterator[dict[str, Any]]:
        """Do one thing; what is put into the dictionary is told with it, and so is why it failed."""
        told: dict[str, Any] = {"level": "info"}
        began = time.perf_counter()
        with trace.continue_from(trace.header()) as span:
            try:
                yield told
            except Exception as error:
                told |= {"level": "error", "error": str(error)}
                raise
            finally:
                ids = {"trace_id": span.trace_id, "span_id": span.span_id, "parent_id": span.parent_id}
                lasted = {"ms": round((time.perf_counter() - began) * 1_000, 3)}
                now = rfc3339(time.time_ns() // 1_000)
                self._tell({"time": now, **told, "service": TOOL, "event": event, "kind": kind, **ids, **lasted})


UNTOLD = Acts()


def context() -> dict[str, str]:
    """The header that says of which act a request is a part; none outside of any."""
    header = trace.header()
    return {"traceparent": header} if header else {}


def acts_of(place: Sandbox | None) -> Acts:
    """Told into a sandbox's logs, which its recorder reads; elsewhere to the endpoints that the environment names."""
    if place is not None:
        return Acts(into(place.logs))
    from tradectl.telemetry.outgoing import outgoing

    return Acts(outgoing() or nobody)


def into(folder: Path) -> Tell:
    """A log file of the tool's beside those of the parts; where that cannot be written the act counts all the same."""

    def tell(line: Line) -> None:
        with suppress(OSError):
            logfile.append(folder / f"{TOOL}.jsonl", ENCODER.encode(line) + b"\n")

    return tell
