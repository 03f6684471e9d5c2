"""One order's life out of what a source tells."""

from tests.unit.tradectl.telemetry.told import TRACE, line
from tradectl.stack.logs import Line
from tradectl.telemetry.documents import life_json
from tradectl.telemetry.life import Life, ordered, told_of, within
from tradectl.telemetry.source import Heading, Series, Span
from tradectl.telemetry.spans import span_of

ALONE = line("020.000", "orders", "sent", order_id="o1")
NEIGHBOUR = line("009.000", "orders", "reserved", trace_id="a", order_id="o2")


class Told:
    """A source that knows some lines."""

    spans_told = tuple(span_of(each) for each in (*TRACE, ALONE, NEIGHBOUR))

    def traces(self, most: int, order: str = "") -> list[Heading]:
        raise AssertionError((most, order))

    def series(self, since: int) -> list[Series]:
        raise AssertionError(since)

    def lines(self, *, trace: str = "", order: str = "") -> list[Line]:
        raise AssertionError((trace, order))

    def spans(self, *, trace: str = "", order: str = "") -> list[Span]:
        if trace:
            return [span for span in self.spans_told if span.trace == trace]
        return [span for span in self.spans_told if span.fields.get("order_id") == order]


def names() -> list[str]:
    return [span.name for span in ordered(told_of(Told(), "o1"))]


def test_what_names_the_order_and_the_requests_around_it_are_its_life() -> None:
    assert names() == ["POST /api/v1/orders", "POST /orders", "reserved", "sent", "order report fill"]


def test_another_order_of_the_same_request_is_no_part_of_it() -> None:
    assert names().count("reserved") == 1


def test_a_fix_message_of_the_first_millisecond_is_not_before_its_cause() -> None:
    sent = [Span("", "orders", "FIX NewOrderSingle", moment, moment) for moment in (1_000_000, 900_000)]
    assert [span.began for span in within(sent, 1_000_475)] == [1_000_475, 900_000]


def test_an_order_that_nobody_knows_has_no_life() -> None:
    assert told_of(Told(), "o3") == []


def test_the_document_says_when_each_step_was_through_whom_and_what_became_of_the_order() -> None:
    report = span_of(line("030.000", "orders", "order report", order_id="o1", kind="fill", status="filled"))
    document = life_json(Life("o1", ordered([*told_of(Told(), "o1"), report]), {"fix": "is not up"}))
    assert (document["status"], document["ms"], document["services"]) == ("filled", 30.0, ["bff", "orders"])
    assert [step["at_ms"] for step in document["steps"]][:3] == [0.0, 4.0, 10.0]
    assert document["missing"] == {"fix": "is not up"}
