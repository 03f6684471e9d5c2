"""Order of one aggregate's events, whatever order they come in."""

from hypothesis import given
from hypothesis import strategies as st

from services.contracts.envelope import Envelope
from services.kernel.inbox import Stream, stream_of
from tests.envelopes import envelope


def take(stream: Stream, *events: Envelope, alone: bool = False) -> list[int]:
    return [taken.seq for event in events for taken in stream.take(event, alone=alone)]


@given(numbers=st.permutations([*range(1, 8), *range(3, 6)]))
def test_events_in_any_order_and_twice_are_applied_once_and_in_their_order(numbers: list[int]) -> None:
    assert take(Stream("topic"), *(envelope("topic", number) for number in numbers)) == list(range(1, 8))


def test_an_event_that_was_applied_is_not_taken_again() -> None:
    assert take(Stream("topic", seq=3), envelope("topic", 3), envelope("topic", 2)) == []


def test_an_early_event_is_kept_for_its_turn() -> None:
    stream = Stream("topic", seq=1)
    assert take(stream, envelope("topic", 4), envelope("topic", 3)) == []
    assert stream.fresh == {3, 4}
    assert take(stream, envelope("topic", 2)) == [2, 3, 4]
    assert (stream.seq, stream.early, stream.fresh) == (4, {}, set())


def test_an_event_applied_alone_leaves_those_that_waited_for_it() -> None:
    stream = Stream("topic")
    assert take(stream, envelope("topic", 2), envelope("topic", 1), alone=True) == [1]
    assert list(stream.early) == [2]


def test_an_early_event_that_the_table_has_is_not_written_again() -> None:
    kept = envelope("topic", 3)
    stream = Stream("topic", seq=1, waited=True, early={3: kept})
    assert take(stream, kept) == []
    assert stream.fresh == set()


def test_aggregates_of_two_services_are_two() -> None:
    assert stream_of(envelope("topic")) == "chat:topic"
