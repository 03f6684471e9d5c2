import pytest

from services.runtime import trace

HEADER = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_header_is_continued_by_a_span_of_our_own() -> None:
    with trace.continue_from(HEADER) as span:
        assert span.trace_id == "4bf92f3577b34da6a3ce929d0e0e4736"
        assert span.parent_id == "00f067aa0ba902b7"
        assert trace.header() == f"00-{span.trace_id}-{span.span_id}-01"
        assert span.span_id != span.parent_id
    assert trace.current() is None
    assert trace.header() is None


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "nonsense",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        HEADER.upper(),
        HEADER + "x",
    ],
)
def test_a_header_that_names_no_trace_begins_a_new_one(header: str | None) -> None:
    span = trace.span_for(header)
    assert trace.TRACEPARENT.fullmatch(span.traceparent)
    assert span.parent_id is None
    assert span.trace_id != "4bf92f3577b34da6a3ce929d0e0e4736"


def test_spans_nest() -> None:
    with trace.continue_from(HEADER) as outer:
        with trace.continue_from(outer.traceparent) as inner:
            assert trace.current() is inner
            assert inner.parent_id == outer.span_id
        assert trace.current() is outer


def test_who_acts_for_a_span_makes_no_new_one() -> None:
    with trace.continue_from(None) as span:
        header = trace.header()
    with trace.within(trace.named(header)):
        assert trace.header() == header
    assert trace.named(header) == trace.Span(span.trace_id, span.span_id)
    assert trace.named("nonsense") is None
