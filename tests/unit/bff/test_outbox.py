"""What waits for a slow client: conflated, ordered, bounded."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from services.bff.domain.deltas import Delta, Latest, Levels
from services.bff.domain.outbox import FRAME, Outbox


def rendered(bids: dict[int, int], asks: dict[int, int], time: int) -> bytes:
    return json.dumps({"bids": list(bids.items()), "asks": list(asks.items()), "time": time}).encode()


def levels(prev_seq: int, seq: int, bids: dict[int, int]) -> Levels:
    return Levels("book:A", prev_seq, seq, bids, {}, seq, rendered)


def taken(outbox: Outbox) -> list[dict[str, Any]]:
    messages: list[dict[str, Any]] = json.loads(outbox.take())
    return messages


def test_a_frame_is_an_array_of_what_waits_in_its_order() -> None:
    outbox = Outbox(10)
    outbox.add(Delta("trades:A", 0, 1, b'{"id":1}'))
    outbox.say("", b'{"type":"heartbeat"}')
    outbox.add(Delta("trades:A", 1, 2, b'{"id":2}'))
    assert taken(outbox) == [
        {"channel": "trades:A", "type": "delta", "seq": 1, "prev_seq": 0, "data": {"id": 1}},
        {"type": "heartbeat"},
        {"channel": "trades:A", "type": "delta", "seq": 2, "prev_seq": 1, "data": {"id": 2}},
    ]
    assert len(outbox) == 0


def test_of_two_quotes_that_wait_the_later_is_sent_and_says_what_it_follows() -> None:
    outbox = Outbox(10)
    outbox.add(Latest("quotes:A", 4, 5, b"1"))
    outbox.add(Latest("quotes:A", 5, 6, b"2"))
    outbox.add(Latest("quotes:B", 1, 2, b"3"))
    [first, second] = taken(outbox)
    assert (first["seq"], first["prev_seq"], first["data"]) == (6, 4, 2)
    assert second["channel"] == "quotes:B"


@given(st.lists(st.dictionaries(st.integers(1, 5), st.integers(0, 3), max_size=4), min_size=1, max_size=8))
def test_conflated_book_changes_leave_the_same_book(changes: list[dict[int, int]]) -> None:
    outbox = Outbox(10)
    expected: dict[int, int] = {}
    for number, change in enumerate(changes):
        outbox.add(levels(number, number + 1, change))
        expected |= change
    [message] = taken(outbox)
    assert dict(message["data"]["bids"]) == expected
    assert (message["prev_seq"], message["seq"]) == (0, len(changes))


def test_a_change_that_all_clients_get_is_encoded_once() -> None:
    calls: list[int] = []

    def counted(bids: dict[int, int], asks: dict[int, int], time: int) -> bytes:
        calls.append(time)
        return rendered(bids, asks, time)

    delta = Levels("book:A", 0, 1, {1: 1}, {}, 1, counted)
    for outbox in (Outbox(10), Outbox(10), Outbox(10)):
        outbox.add(delta)
        outbox.take()
    assert calls == [1]


def test_the_channel_that_has_the_most_is_given_up() -> None:
    outbox = Outbox(5)
    outbox.add(Delta("orders", 0, 1, b"1"))
    given_up = [outbox.add(Delta("trades:A", number, number + 1, b"1")) for number in range(5)]
    assert given_up == [None] * 4 + ["trades:A"]
    assert [message["channel"] for message in taken(outbox)] == ["orders"]


def test_conflated_channels_never_fill_the_outbox() -> None:
    outbox = Outbox(2)
    assert not any(outbox.add(Latest("quotes:A", number, number + 1, b"1")) for number in range(100))
    assert len(outbox) == 1


def test_a_frame_has_a_bound_and_the_rest_waits() -> None:
    outbox = Outbox(100)
    for number in range(4):
        outbox.add(Delta("trades:A", number, number + 1, b'"' + b"x" * (FRAME // 2) + b'"'))
    sizes = []
    while len(outbox):
        sizes.append(len(taken(outbox)))
    assert sizes == [1, 1, 1, 1]


def test_a_message_larger_than_a_frame_is_sent_all_the_same() -> None:
    outbox = Outbox(100)
    outbox.say("book:A", b'"' + b"x" * (2 * FRAME) + b'"')
    assert len(taken(outbox)) == 1


def test_what_waits_of_a_channel_can_be_forgotten() -> None:
    outbox = Outbox(10)
    outbox.add(Latest("quotes:A", 0, 1, b"1"))
    outbox.add(Delta("orders", 0, 1, b"1"))
    outbox.forget("quotes:A")
    assert [message["channel"] for message in taken(outbox)] == ["orders"]
