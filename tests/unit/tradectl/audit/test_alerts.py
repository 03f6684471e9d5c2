"""An alert's row says one thing, not two."""

from typing import Any

import pytest

from tradectl.audit.people import alerts_wait_where_they_should
from tradectl.audit.snapshot import Snapshot

ARMED = {
    "alert_id": "a1",
    "user_id": "u1",
    "condition": "price_above",
    "threshold": 200,
    "rearm_at": 199,
    "repeat": "rearm",
    "armed": 1,
    "watch": "price_up",
    "level": 200,
    "fired": None,
    "fires": 0,
}
WAITING = ARMED | {"armed": 0, "watch": "price_down", "level": 199, "fired": 7, "fires": 1}
DONE = WAITING | {"repeat": "once", "watch": None, "level": 200}


def named(row: dict[str, Any], counted: int = 1) -> set[str]:
    tables = {
        "auth": {"users": [{"id": "u1"}]},
        "notifications": {"alerts": [row], "alert_quotas": [{"user_id": "u1", "alerts": counted}]},
    }
    return {each.where for each in alerts_wait_where_they_should(Snapshot(tables=tables))}


@pytest.mark.parametrize("row", [ARMED, WAITING, DONE], ids=["armed", "waiting", "done"])
def test_an_alert_that_waits_for_what_it_should_is_none(row: dict[str, Any]) -> None:
    assert named(row) == set()
    falling = {"price_up": "price_down", "price_down": "price_up", None: None}[row["watch"]]
    assert named(row | {"condition": "price_below", "watch": falling}) == set()


@pytest.mark.parametrize("row", [ARMED, WAITING, DONE], ids=["armed", "waiting", "done"])
@pytest.mark.parametrize(
    ("column", "value"),
    [("user_id", "u2"), ("watch", "change_up"), ("level", 201), ("armed", 2)],
)
def test_a_value_that_does_not_fit_the_others_is_named(row: dict[str, Any], column: str, value: object) -> None:
    assert named(row | {column: value})


def test_a_count_of_alerts_is_theirs() -> None:
    assert named(ARMED, counted=2) == {"notifications.alert_quotas.alerts"}
    assert named(ARMED | {"fires": 1}) == {"notifications.alerts.fired"}
