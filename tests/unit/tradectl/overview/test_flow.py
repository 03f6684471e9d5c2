"""Queues and sessions out of the settled pages."""

from typing import Any

from tradectl.overview.flow import Queue, Session, queues, sessions

PAGES: dict[str, dict[str, Any]] = {
    "orders": {
        "unpublished": 0,
        "unsent": 2,
        "numbers": {"next_out": 8, "next_in": 12},
        "done": {"told": 3},
        "time": 9,
    },
    "broker": {"unsent:ORDERS": 1, "numbers:ORDERS": {"next_out": 12, "next_in": 8}},
    "chat": {"away": 1},
}


def test_every_count_of_every_part_is_a_queue_and_nothing_else_is() -> None:
    assert queues(PAGES) == [
        Queue("broker", "unsent:ORDERS", 1),
        Queue("chat", "away", 1),
        Queue("orders", "unpublished", 0),
        Queue("orders", "unsent", 2),
    ]


def test_a_session_is_seen_from_both_sides() -> None:
    assert sessions(PAGES, "ok") == [
        Session("broker", "ORDERS", 12, 8, ""),
        Session("orders", "BROKER", 8, 12, "ok"),
    ]
