"""Mails, and the deliveries that they are."""

from tradectl.audit.people import OPERATORS, mails_are_deliveries
from tradectl.audit.snapshot import Snapshot


def received(to: str) -> Snapshot:
    return Snapshot(mails=[{"message_id": "<1.2@here>", "to": [to], "subject": "s", "text": "t"}])


def test_a_mail_that_nobody_decided_on_is_a_difference() -> None:
    assert [each.expected for each in mails_are_deliveries(received("ann@example.com"))] == ["a row for this mail"]


def test_what_operators_are_told_is_alertmanagers_affair() -> None:
    assert list(mails_are_deliveries(received(OPERATORS))) == []
