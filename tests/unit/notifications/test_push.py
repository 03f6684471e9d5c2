"""What a push carries, and how long an endpoint may ask us to wait."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.kernel.transports.transport import Answer
from services.notifications.gateway.push import LONGEST_PAUSE, LONGEST_TEXT, pause_of, payload

ROW = {"notification_id": "n", "kind": "order_filled", "title": "Счёт открыт", "text": "Да.", "created": 1_000_000}


def test_a_push_says_what_the_app_does() -> None:
    assert json.loads(payload(ROW)) == {
        "id": "n",
        "kind": "order_filled",
        "title": "Счёт открыт",
        "text": "Да.",
        "created_at": "1970-01-01T00:00:01.000000Z",
    }


@given(st.text(max_size=200), st.text(), st.integers(1, 2_000))
def test_it_is_never_too_long_and_says_the_beginning(title: str, text: str, times: int) -> None:
    row = ROW | {"title": title, "text": text * times}
    octets = payload(row)
    assert len(octets) <= LONGEST_TEXT
    shown = json.loads(octets)
    assert shown["title"] == title
    assert (text * times).startswith(shown["text"])


@pytest.mark.parametrize(
    ("asked", "seconds"), [("7", 7.0), ("999999", LONGEST_PAUSE), ("", 0.0), ("-1", 0.0), ("soon", 0.0), ("²", 0.0)]
)
def test_an_endpoint_may_ask_for_a_pause_but_not_for_ever(asked: str, seconds: float) -> None:
    assert pause_of(Answer(429, {"retry-after": asked}, b"")) == seconds
    assert pause_of(Answer(429, {}, b"")) == 0.0
