"""alertmanager.yml."""

import re
from typing import Any

import pytest
import yaml

from tests.architecture.test_alerts import NAMES
from tradectl.alerts.telling import EVERYWHERE, SILENCED_BY, Ways, alertmanager

WAYS = Ways(smtp="mail:25", telegram="http://chat/telegram", token_file="/t", hook_file="/h")


@pytest.fixture
def document() -> Any:
    return yaml.safe_load(alertmanager(WAYS))


def test_a_page_goes_to_mail_telegram_and_slack_and_a_ticket_disturbs_no_phone(document: Any) -> None:
    ways = {each["name"]: {way for way in each if way.endswith("_configs")} for each in document["receivers"]}
    assert ways["page"] == {"email_configs", "telegram_configs", "slack_configs"}
    assert ways["ticket"] == {"email_configs", "slack_configs"}


def test_that_it_is_over_is_told_wherever_it_was_told(document: Any) -> None:
    for receiver in document["receivers"]:
        for ways in (ways for way, ways in receiver.items() if way.endswith("_configs")):
            assert all(way["send_resolved"] for way in ways)


def test_no_secret_stands_in_it(document: Any) -> None:
    text = alertmanager(WAYS)
    assert not re.search(r"\b(bot_token|api_url|slack_api_url|smtp_auth_password):", text)
    assert document["receivers"][0]["telegram_configs"][0]["bot_token_file"] == "/t"


def test_what_makes_others_silent_and_whom_it_makes_silent_exists() -> None:
    causes = SILENCED_BY | EVERYWHERE
    assert set(causes) <= set(NAMES)
    for cause, rest in causes.items():
        assert all(any(re.fullmatch(each, name) for name in NAMES) for each in rest.split("|")), cause
        assert not re.fullmatch(rest, cause), "an alert makes itself silent"
