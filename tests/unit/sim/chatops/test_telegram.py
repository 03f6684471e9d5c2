"""Telegram's form."""

from typing import Any

import pytest

from sim.chatops.telegram import LONGEST, RefusedError, check

TOKEN = "123456789:" + "A" * 35
GOOD: dict[str, Any] = {"chat_id": "-1001", "text": "<b>Down</b>\nmore &amp; more", "parse_mode": "HTML"}


def test_a_message_is_read_as_a_reader_sees_it() -> None:
    assert check(TOKEN, GOOD) == ("-1001", "Down", "more & more")


def test_a_channel_may_be_named_and_a_text_without_markup_stays_as_it_is() -> None:
    said = check(TOKEN, {"chat_id": "@operators", "text": "a < b"})
    assert (said.chat, said.title) == ("@operators", "a < b")


@pytest.mark.parametrize("token", ["", "123456789", "123456789:short", "x" * 45])
def test_who_is_no_bot_is_not_authorised(token: str) -> None:
    with pytest.raises(RefusedError) as refused:
        check(token, GOOD)
    assert refused.value.status == 401


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"chat_id": ""}, "chat_id is empty"),
        ({"chat_id": "somebody"}, "chat not found"),
        ({"text": " "}, "text is empty"),
        ({"text": 7}, "text is empty"),
        ({"text": "x" * (LONGEST + 1)}, "too long"),
        ({"parse_mode": "RTF"}, "parse_mode"),
        ({"text": "<b>open"}, "end tag corresponding to start tag b"),
        ({"text": "<b>crossed</i>"}, 'Unexpected end tag "i"'),
        ({"text": "<table>"}, 'Unsupported start tag "table"'),
        ({"text": "<a>nowhere</a>"}, "without an address"),
    ],
)
def test_a_message_that_is_not_of_its_form_is_refused_in_telegrams_words(change: dict[str, Any], why: str) -> None:
    with pytest.raises(RefusedError, match=why) as refused:
        check(TOKEN, GOOD | change)
    assert refused.value.status == 400


def test_a_body_that_is_no_object_is_refused() -> None:
    with pytest.raises(RefusedError, match="no object"):
        check(TOKEN, None)


def test_markup_is_not_counted() -> None:
    assert check(TOKEN, GOOD | {"text": f"<b>{'x' * LONGEST}</b>"}).title == "x" * LONGEST
