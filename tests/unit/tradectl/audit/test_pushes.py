"""Pushes as the platform and the push endpoint know them: agreed, on their way, lost, doubled or invented."""

import json
from typing import Any

import pytest

from tradectl.audit.pushes import pushes_are_deliveries, subscriptions_are_counted
from tradectl.audit.snapshot import Snapshot

ENDPOINT = "https://push.sandbox/push/phone"
TOLD = {"notification_id": "n1", "user_id": "u1", "kind": "welcome", "title": "Hello", "text": "Come in, all of you."}
DELIVERY = {"notification_id": "n1", "subscription_id": "s1", "endpoint": ENDPOINT, "status": "sent"}
CONTENT = {"id": "n1", "kind": "welcome", "title": "Hello", "text": "Come in, all of you."}
PUSH = {"topic": "n1", "endpoint": ENDPOINT, "deliveries": 1, "text": json.dumps(CONTENT), "error": None}


def seen(*pushes: dict[str, Any], told: Any = (TOLD,), deliveries: Any = (DELIVERY,)) -> Snapshot:
    return Snapshot(
        tables={"notifications": {"notifications": list(told), "push_deliveries": list(deliveries)}},
        pushes=list(pushes),
    )


def named(snapshot: Snapshot) -> list[str]:
    return [each.where for each in pushes_are_deliveries(snapshot)]


def test_a_push_that_came_as_it_was_written_is_right_however_often_it_was_sent() -> None:
    assert named(seen(PUSH)) == []
    assert named(seen(PUSH | {"deliveries": 3})) == []
    assert named(seen(PUSH | {"text": json.dumps(CONTENT | {"text": "Come in"})})) == []


@pytest.mark.parametrize("status", ["pending", "dead", "gone"])
def test_one_that_was_not_made_may_have_come_or_not(status: str) -> None:
    delivery = DELIVERY | {"status": status}
    assert named(seen(deliveries=[delivery])) == []
    assert named(seen(PUSH, deliveries=[delivery])) == []


def test_one_that_was_sent_and_did_not_come_is_named() -> None:
    assert named(seen()) == ["notifications.push_deliveries.status"]


def test_a_status_that_is_none_is_named_whether_it_came_or_not() -> None:
    odd = DELIVERY | {"status": "sunk"}
    assert (
        named(seen(deliveries=[odd])) == named(seen(PUSH, deliveries=[odd])) == ["notifications.push_deliveries.status"]
    )


def test_one_that_came_twice_is_named() -> None:
    assert named(seen(PUSH, PUSH)) == ["notifications.push_deliveries"]


def test_one_that_nobody_sent_is_named_unless_it_went_to_a_stranger() -> None:
    assert named(seen(PUSH, PUSH | {"topic": "n2"})) == ["notifications.push_deliveries"]
    assert named(seen(PUSH, PUSH | {"endpoint": "https://push.sandbox/push/other"})) == []


@pytest.mark.parametrize(
    ("content", "where"),
    [
        ({"title": "Bye"}, ["notifications.notifications.title"]),
        ({"kind": "order_filled"}, ["notifications.notifications.kind"]),
        ({"text": "Go away."}, ["notifications.notifications.text"]),
        ({"text": 1}, ["notifications.notifications.text"]),
    ],
)
def test_one_that_says_something_else_is_named(content: dict[str, Any], where: list[str]) -> None:
    assert named(seen(PUSH | {"text": json.dumps(CONTENT | content)})) == where


@pytest.mark.parametrize("text", [None, "", "no json", "[]"])
def test_one_that_its_browser_cannot_read_is_named(text: str | None) -> None:
    assert len(named(seen(PUSH | {"text": text}))) == 3


def test_a_delivery_of_nothing_is_named() -> None:
    assert named(seen(told=[]))[0] == "notifications.push_deliveries.notification_id"


def test_browsers_are_users_and_are_counted() -> None:
    tables: dict[str, dict[str, list[dict[str, Any]]]] = {
        "auth": {"users": [{"id": "u1"}, {"id": "u2"}]},
        "notifications": {
            "push_subscriptions": [{"user_id": "u1"}, {"user_id": "u1"}],
            "push_quotas": [{"user_id": "u1", "subscriptions": 2}, {"user_id": "u2", "subscriptions": 0}],
        },
    }
    assert list(subscriptions_are_counted(Snapshot(tables=tables))) == []
    tables["notifications"]["push_quotas"][0]["subscriptions"] = 1
    tables["notifications"]["push_subscriptions"].append({"user_id": "nobody"})
    found = [each.where for each in subscriptions_are_counted(Snapshot(tables=tables))]
    assert sorted(found) == ["notifications.push_quotas.subscriptions"] * 2 + ["notifications.push_quotas.user_id"]
