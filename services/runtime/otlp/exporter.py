"""Sends lines to the endpoints that the environment names, in batches; a collector that is gone costs nothing."""

import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice

from services.runtime.otlp.encoding import Line, is_span, logs_of, spans_of

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
TRACES, LOGS = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT"
DISABLED = "OTEL_SDK_DISABLED"
"""As OpenTelemetry calls them; ``true`` exports nothing."""
MOST = 20_000
"""Lines that wait for an endpoint; the oldest make way."""
BATCH = 2_000
WITHIN = 2.0
"""Seconds for one batch."""
PAUSE = 3.0
"""Seconds that an endpoint is left alone that did not take a batch."""
JSON = {"Content-Type": "application/json"}
Encode = Callable[[Iterable[Line]], bytes | None]


@dataclass
class Channel:
    """One endpoint and what waits for it; numbers for metrics by ``signal``, ``spans`` or ``logs``."""

    signal: str
    url: str
    encode: Encode
    waiting: deque[Line] = field(default_factory=deque)
    sent: int = 0
    dropped: int = 0
    due: float = 0.0

    def add(self, lines: Iterable[Line]) -> None:
        """Have them wait; what is too many is dropped, the oldest first."""
        self.waiting.extend(lines)
        while len(self.waiting) > MOST:
            self.waiting.popleft()
            self.dropped += 1

    def flush(self) -> None:
        """Send what waits, until that is all or the endpoint does not take it."""
        while self.waiting and time.monotonic() >= self.due:
            batch = list(islice(self.waiting, BATCH))
            outcome = posted(self.url, self.encode(batch) or b"{}")
            if outcome == "again":
                self.due = time.monotonic() + PAUSE
                return
            for _ in batch:
                self.waiting.popleft()
            if outcome == "taken":
                self.sent += len(batch)
            else:
                self.dropped += len(batch)


class Exporter:
    """Of all endpoints; with none it does nothing."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self.channels: list[Channel] = []
        if environment.get(DISABLED, "").lower() == "true":
            return
        if traces := address(environment, TRACES, "traces"):
            self.channels.append(Channel("spans", traces, spans_of))
        if logs := address(environment, LOGS, "logs"):
            self.channels.append(Channel("logs", logs, logs_of))

    def __bool__(self) -> bool:
        return bool(self.channels)

    def take(self, lines: list[Line]) -> None:
        """Lines as they were logged."""
        for channel in self.channels:
            channel.add(filter(is_span, lines) if channel.signal == "spans" else lines)
            channel.flush()


def address(environment: Mapping[str, str], own: str, signal: str) -> str:
    """A signal's own endpoint is taken as it is; the common one has a path for each (OTLP exporter specification).

    Logs have none in the common one: Jaeger takes no logs.
    """
    if url := environment.get(own):
        return url
    common = environment.get(ENDPOINT, "")
    return f"{common.rstrip('/')}/v1/{signal}" if common and signal == "traces" else ""


def posted(url: str, body: bytes) -> str:
    """``taken``, ``refused`` (it will never be taken) or ``again``."""
    if not url.startswith(("http://", "https://")):
        return "refused"
    request = urllib.request.Request(url, body, JSON, method="POST")  # noqa: S310 (looked at above)
    try:
        with urllib.request.urlopen(request, timeout=WITHIN):  # noqa: S310
            return "taken"
    except urllib.error.HTTPError as error:
        with error:
            return "again" if error.code in {408, 429} or error.code >= 500 else "refused"
    except OSError:
        return "again"
