"""Trace context of orders: what came with a message goes on with what is reported of it.

It is kept in memory alone: after a restart reports name no span, and the client has its own to go by.
"""

import time
from collections.abc import Iterable

from services.fix import tags
from services.fix.message import Body, Message
from services.runtime import log, trace

MOST = 50_000
"""ClOrdIDs whose span is known; the oldest are forgotten."""
tell = log.line("broker", "FIX request")


class Tracing:
    """Of one session."""

    def __init__(self) -> None:
        self._spans: dict[str, str] = {}
        """By ClOrdID: the venue's span, whose children its reports are."""

    def begin(self, messages: Iterable[Message]) -> "Batch":
        """Spans of the broker and of the venue for each message that names one."""
        batch = Batch()
        for message in messages:
            sent = message.text(tags.Traceparent)
            cl_ord_id = message.text(tags.ClOrdID)
            if sent is not None and cl_ord_id is not None and trace.named(sent):
                span = trace.span_for(sent)
                at_venue = trace.span_for(span.traceparent)
                batch.own.append((cl_ord_id, message.msg_type, span))
                batch.at_venue.append(at_venue)
                self._keep(cl_ord_id, at_venue.traceparent)
        return batch

    def named(self, body: Body, cl_ord_id: str) -> Body:
        """The report with the span that it comes of, where one is known."""
        known = self._spans.get(cl_ord_id)
        return body if known is None else body._replace(fields=[*body.fields, (tags.Traceparent, known)])

    def _keep(self, cl_ord_id: str, traceparent: str) -> None:
        self._spans[cl_ord_id] = traceparent
        if len(self._spans) > MOST:
            del self._spans[next(iter(self._spans))]


class Batch:
    """The spans of one read."""

    def __init__(self) -> None:
        self.own: list[tuple[str, str, trace.Span]] = []
        self.at_venue: list[trace.Span] = []
        self._began = time.perf_counter()

    def end(self) -> None:
        """Tell of them: one transaction has done all."""
        seconds = time.perf_counter() - self._began
        for cl_ord_id, msg_type, span in self.own:
            tell({"cl_ord_id": cl_ord_id, "msg_type": msg_type, **log.ended(span, seconds)})
