"""Spans out of log lines that are there anyway: an access line says how long its request took, the rest are moments."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from services.contracts.times import from_rfc3339
from services.runtime.otlp.encoding import name_of
from tradectl.stack.logs import Line
from tradectl.telemetry.source import Heading, Span
from tradectl.telemetry.traces import distinct, gravity

OWN = ("time", "level", "service", "event", "trace_id", "span_id", "parent_id", "method", "path", "ms")
"""Fields that a span says by its own."""
TELLING = (
    "kind",
    "status",
    "symbol",
    "quantity",
    "price",
    "filled",
    "at",
    "fill_id",
    "exec_id",
    "text",
    "error",
    "why",
)


def span_of(line: Line) -> Span:
    """ValueError when the line has no time. A request's line is written at its end."""
    ended = from_rfc3339(str(line.get("time", "")))
    took = line.get("ms")
    lasted = isinstance(took, int | float)
    return Span(
        trace=str(line.get("trace_id") or ""),
        service=str(line.get("service", "")),
        name=name_of(line),
        began=ended - round(float(took) * 1_000) if isinstance(took, int | float) else ended,
        ended=ended,
        level=str(line.get("level", "info")),
        fields={name: value for name, value in line.items() if name not in OWN},
        id=str(line.get("span_id") or "") if lasted else "",
        parent=str(line.get("parent_id" if lasted else "span_id") or ""),
    )


def heading_of(spans: Sequence[Span]) -> Heading:
    """One trace's spans, at least one, in any order; its name is that of the longest among those that began first."""
    first = min(spans, key=lambda span: (span.began, -span.ended))
    return Heading(
        id=first.trace,
        name=first.name,
        began=first.began,
        ended=max(span.ended for span in spans),
        services=tuple(distinct(span.service for span in sorted(spans, key=lambda span: span.began))),
        orders=tuple(distinct(span.fields.get("order_id") for span in spans)),
        level=max((span.level for span in spans), key=gravity),
        spans=len(spans),
    )


def nested(spans: Iterable[Span]) -> list[tuple[int, Span]]:
    """Each span with its depth, by their begin and each below its parent.

    Where nobody says whose child a span is, it lies in the narrowest that was under way in all of its time: a call is
    over before its caller's.
    """
    ordered = sorted(spans, key=lambda span: (span.began, -span.ended))
    known = {span.id: span for span in ordered if span.id}
    below: dict[int, list[Span]] = defaultdict(list)
    tops: list[Span] = []
    around: list[Span] = []
    for span in ordered:
        while around and not _holds(around[-1], span):
            around.pop()
        parent = known.get(span.parent) or (around[-1] if around and not span.parent else None)
        (below[id(parent)] if parent is not None and parent is not span else tops).append(span)
        if span.ended > span.began:
            around.append(span)
    return list(_walked(tops, below, 0))


def _walked(spans: Iterable[Span], below: Mapping[int, list[Span]], depth: int) -> Iterator[tuple[int, Span]]:
    for span in spans:
        yield depth, span
        yield from _walked(below.get(id(span), ()), below, depth + 1)


def detail(span: Span) -> str:
    """What its line said besides, in a few words; of what kind it is its name may have said."""
    told = (str(span.fields[name]) for name in TELLING if span.fields.get(name) not in (None, ""))
    return " ".join(each for each in told if not span.name.endswith(f" {each}"))


def _holds(outer: Span, inner: Span) -> bool:
    return outer.began <= inner.began and inner.ended <= outer.ended
