"""What goes by which channel."""

import pytest

from services.notifications.domain.preferences import (
    BY_MAIL_ALONE,
    CHANNELS,
    CODES,
    KINDS_TO_CHOOSE,
    SECURITY,
    channels_of,
)
from services.notifications.domain.templates import KINDS


@pytest.mark.parametrize("kind", KINDS_TO_CHOOSE)
def test_what_nobody_chose_goes_by_all_channels(kind: str) -> None:
    assert channels_of({}, kind) == set(CHANNELS)
    assert channels_of({"another": ()}, kind) == set(CHANNELS)


def test_what_was_chosen_is_all_there_is() -> None:
    assert channels_of({"order_filled": ("push",)}, "order_filled") == {"push"}
    assert channels_of({"order_filled": ()}, "order_filled") == set()


@pytest.mark.parametrize("kind", sorted(SECURITY))
def test_security_mail_goes_whatever_was_chosen(kind: str) -> None:
    assert channels_of({kind: ()}, kind) == BY_MAIL_ALONE
    assert channels_of({kind: ("push",)}, kind) == {"email", "push"}


def test_a_kind_that_tells_a_code_is_nothing_to_choose() -> None:
    assert {kind for kind, words in KINDS.items() if "{code}" in words["en"].text} == CODES
    assert not CODES & set(KINDS_TO_CHOOSE)
