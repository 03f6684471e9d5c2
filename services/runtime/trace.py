"""W3C trace context: who asked for this, across services, as a traceparent header."""

import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import NamedTuple

TRACEPARENT = re.compile(r"[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?", re.ASCII)


class Span(NamedTuple):
    """One piece of work in a trace."""

    trace_id: str
    span_id: str
    parent_id: str | None = None

    @property
    def traceparent(self) -> str:
        return f"00-{self.trace_id}-{self.span_id}-01"


_current: ContextVar[Span | None] = ContextVar("span", default=None)


def current() -> Span | None:
    """The span that is being worked on; none outside of any."""
    return _current.get()


def header() -> str | None:
    """The traceparent to send along; none outside of any span."""
    span = _current.get()
    return span.traceparent if span else None


def span_for(traceparent: str | None) -> Span:
    """A new span in the trace that the header names, or in a new trace when it names none."""
    known = TRACEPARENT.fullmatch(traceparent) if traceparent else None
    span_id = f"{random.getrandbits(64) or 1:016x}"
    if known and known[1].strip("0") and known[2].strip("0"):
        return Span(known[1], span_id, known[2])
    return Span(f"{random.getrandbits(128) or 1:032x}", span_id)


def enter(traceparent: str | None) -> Token[Span | None]:
    """Begin a span; `leave` ends it. For the paths where a context manager costs too much."""
    return _current.set(span_for(traceparent))


def leave(token: Token[Span | None]) -> None:
    """End the span that `enter` began."""
    _current.reset(token)


def named(traceparent: str | None) -> Span | None:
    """The span that a header names, as it is; none where it names none."""
    known = TRACEPARENT.fullmatch(traceparent) if traceparent else None
    return Span(known[1], known[2]) if known and known[1].strip("0") and known[2].strip("0") else None


@contextmanager
def within(span: Span | None) -> Iterator[None]:
    """Act for a span that is told of elsewhere: what is said or caused here is said or caused by it."""
    token = _current.set(span)
    try:
        yield
    finally:
        _current.reset(token)


@contextmanager
def continue_from(traceparent: str | None) -> Iterator[Span]:
    """Work inside the trace that a header or an envelope names."""
    span = span_for(traceparent)
    token = _current.set(span)
    try:
        yield span
    finally:
        _current.reset(token)
