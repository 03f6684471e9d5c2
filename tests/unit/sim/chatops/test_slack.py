"""Slack's form."""

from typing import Any

import pytest

from sim.chatops.slack import MOST_ATTACHMENTS, RefusedError, check

HOOK = "T00000000/B00000000/" + "a" * 24
ATTACHMENT = {"title": "Down", "text": "more", "color": "danger", "fields": [{"title": "part", "value": "orders"}]}
GOOD: dict[str, Any] = {"channel": "#operators", "attachments": [ATTACHMENT]}


def test_a_message_is_read_as_a_reader_sees_it() -> None:
    assert check(HOOK, GOOD) == ("#operators", "Down", "more")


def test_a_text_alone_is_enough() -> None:
    assert check(HOOK, {"text": "hello"}) == ("", "hello", "hello")


@pytest.mark.parametrize("hook", ["", "T0/B0/x", HOOK + "/more", HOOK.lower()])
def test_a_secret_that_is_none_is_refused(hook: str) -> None:
    with pytest.raises(RefusedError, match="invalid_token") as refused:
        check(hook, GOOD)
    assert refused.value.status == 403


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (None, "invalid_payload"),
        ([], "invalid_payload"),
        ({"text": 7}, "invalid_payload"),
        ({"text": "x" * 40_001}, "msg_too_long"),
        ({}, "no_text"),
        ({"attachments": [{"color": "good"}]}, "no_text"),
        (GOOD | {"channel": "#Not A Channel"}, "channel_not_found"),
        (GOOD | {"attachments": "none"}, "invalid_attachments"),
        (GOOD | {"attachments": [ATTACHMENT | {"color": "reddish"}]}, "invalid_attachments"),
        (GOOD | {"attachments": [ATTACHMENT | {"title": 7}]}, "invalid_attachments"),
        (GOOD | {"attachments": [ATTACHMENT | {"fields": [{"title": "part"}]}]}, "invalid_attachments"),
        (GOOD | {"attachments": [ATTACHMENT] * (MOST_ATTACHMENTS + 1)}, "too_many_attachments"),
    ],
)
def test_a_message_that_is_not_of_its_form_is_refused_by_slacks_word(payload: Any, word: str) -> None:
    with pytest.raises(RefusedError, match=word):
        check(HOOK, payload)
