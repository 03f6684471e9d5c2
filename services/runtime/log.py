"""JSON lines, a file a part: time, level, service, event, and the ids that are bound to the work at hand."""

import asyncio
import logging
import sys
import time
from collections.abc import Callable, Mapping
from contextvars import ContextVar, Token
from functools import lru_cache
from types import TracebackType
from typing import Any

import msgspec
import structlog
from structlog.processors import format_exc_info
from structlog.typing import EventDict, FilteringBoundLogger

from services.runtime import logfile, trace
from services.runtime.clock import wall

SECRETS = ("password", "token", "authorization", "secret", "cookie", "totp")
"""A field whose name holds one of these words is masked, and so is one called ``code``."""
MASK = "***"
ENCODER = msgspec.json.Encoder(enc_hook=str)

Bound = Mapping[str, object]
_bound: ContextVar[Bound] = ContextVar("bound")
_NOTHING: Bound = {}


def bind(**fields: object) -> Token[Bound]:
    """Put fields such as order_id on every line of this work; `unbind` undoes it."""
    return _bound.set({**bound(), **fields})


def begin(**fields: object) -> Token[Bound]:
    """As `bind`, but forgets what the caller had bound: where a request or a message enters."""
    return _bound.set(fields)


def unbind(token: Token[Bound]) -> None:
    """Back to what was bound before."""
    _bound.reset(token)


def bound() -> Bound:
    """What is bound to the work at hand."""
    return _bound.get(_NOTHING)


def logger(name: str) -> FilteringBoundLogger:
    """The log of a part."""
    made: FilteringBoundLogger = structlog.wrap_logger(
        logfile.sink_of(name),
        processors=[add_context, mask_secrets, format_exc_info, render],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        context_class=dict,
        service=name,
    )
    return made


def of_process() -> FilteringBoundLogger:
    """The log of what a process has once, whichever of its parts asks for it: connections, market time, crashes."""
    return logger(logfile.process())


def line(name: str, event: str) -> Callable[[EventDict], None]:
    """A writer of info lines that come with every request and whose fields are never secret: a third of the cost."""
    sink = logfile.sink_of(name)
    whose = {"service": name, "event": event}

    def write(fields: EventDict) -> None:
        sink.info(render(None, "info", add_context(None, "info", {**whose, **fields})))

    return write


def ended(span: trace.Span, seconds: float) -> EventDict:
    """What the line says that tells of a whole span, when that ends: whose child it is and how long it took."""
    return {
        "trace_id": span.trace_id,
        "span_id": span.span_id,
        "parent_id": span.parent_id,
        "ms": round(seconds * 1_000, 3),
    }


def add_context(_: Any, level: str, event: EventDict) -> EventDict:
    """Time and level first, then what is bound, then what the line itself says."""
    now = wall()
    line: dict[str, Any] = {"time": f"{second(now // 1_000_000)}.{now % 1_000_000:06d}Z", "level": level}
    span = trace.current()
    if span is not None:
        line["trace_id"] = span.trace_id
        line["span_id"] = span.span_id
    line.update(bound())
    line.update(event)
    return line


@lru_cache(maxsize=2)
def second(moment: int) -> str:
    """A wall second as RFC 3339 without fraction and zone; many lines share one."""
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(moment))


def mask_secrets(_: Any, __: str, event: EventDict) -> EventDict:
    """No line may hold a secret, whoever wrote it."""
    for key, value in event.items():
        if is_secret(key):
            event[key] = MASK
        elif isinstance(value, dict):
            event[key] = mask_secrets(None, "", dict(value))
    return event


@lru_cache(maxsize=4096)
def is_secret(key: str) -> bool:
    """Whether a field of this name may hold a secret."""
    name = key.lower()
    return name == "code" or any(word in name for word in SECRETS)


def render(_: Any, __: str, event: EventDict) -> bytes:
    """One line; what JSON does not know is written as text."""
    return ENCODER.encode(event)


def watch_for_crashes() -> None:
    """Write to the process's log what nobody else does: uncaught exceptions, forgotten tasks, libraries' warnings."""
    log = of_process()

    def on_exception(kind: type[BaseException], error: BaseException, tb: TracebackType | None) -> None:
        log.critical("uncaught exception", exc_info=(kind, error, tb))
        logfile.flush()
        sys.__excepthook__(kind, error, tb)

    def on_loop_exception(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        log.error("exception in the event loop", detail=context.get("message"), exc_info=context.get("exception"))

    sys.excepthook = on_exception
    asyncio.get_running_loop().set_exception_handler(on_loop_exception)
    logging.basicConfig(level=logging.WARNING, handlers=[Libraries(log)], force=True)


class Libraries(logging.Handler):
    """Carries what libraries log by the standard library into a part's log."""

    def __init__(self, log: FilteringBoundLogger) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        self._log.log(record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info)
