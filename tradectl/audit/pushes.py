"""Pushes: what the push endpoint received is what notifications sent, and went to whom it should."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from tradectl.audit.difference import Difference, compared
from tradectl.audit.snapshot import Row, Snapshot

PLACES = ("push_deliveries", "push_subscriptions")
STATUSES = {True: ("sent", "gone", "pending", "dead"), False: ("pending", "dead", "gone")}
"""By whether the push came: until its outcome is kept, it may be on its way again; the endpoint counts it once."""


def pushes_are_deliveries(snapshot: Snapshot) -> Iterator[Difference]:
    """Each delivery that was made came once to its endpoint, as written; no other push did."""
    notifications = snapshot.indexed("notifications.notifications", "notification_id")
    came = Counter((push["topic"], push["endpoint"]) for push in snapshot.pushes)
    pushes = {(push["topic"], push["endpoint"]): push for push in snapshot.pushes}
    for delivery in snapshot.rows("notifications.push_deliveries"):
        about = (delivery["notification_id"], delivery["subscription_id"])
        key = ".".join(about)
        notification = notifications.get((delivery["notification_id"],))
        if notification is None:
            yield Difference("notifications.push_deliveries.notification_id", key, "one that exists", "none", about)
            continue
        place = (delivery["notification_id"], delivery["endpoint"])
        push = pushes.pop(place, None)
        if delivery["status"] not in STATUSES[push is not None]:
            expected = " or ".join(STATUSES[push is not None])
            yield Difference("notifications.push_deliveries.status", key, expected, str(delivery["status"]), about)
        if push is not None:
            yield from compared("notifications.push_deliveries", key, 1, came[place], about)
            yield from said(push, notification, key)
    ours = {row["endpoint"] for name in PLACES for row in snapshot.rows(f"notifications.{name}")}
    for topic, endpoint in pushes:
        if endpoint in ours:  # others may push to others
            yield Difference(
                "notifications.push_deliveries", str(topic), f"a row for {endpoint}", "no row", (str(topic),)
            )


def said(push: Row, notification: Row, key: str) -> Iterator[Difference]:
    """A push says what its notification does; a long text may end early."""
    shown = shown_of(push)
    for name in ("kind", "title"):
        yield from compared(f"notifications.notifications.{name}", key, shown.get(name), notification[name], (key,))
    text = shown.get("text")
    if not isinstance(text, str) or not str(notification["text"]).startswith(text):
        yield Difference("notifications.notifications.text", key, str(text), str(notification["text"]), (key,))


def shown_of(push: Row) -> dict[str, Any]:
    """What the browser reads; nothing where it can read nothing."""
    try:
        document = json.loads(push["text"] or "")
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def subscriptions_are_counted(snapshot: Snapshot) -> Iterator[Difference]:
    """Each browser is a user's; each user's are counted."""
    users = {row["id"] for row in snapshot.rows("auth.users")}
    counted = Counter(row["user_id"] for row in snapshot.rows("notifications.push_subscriptions"))
    quotas = {row["user_id"]: row["subscriptions"] for row in snapshot.rows("notifications.push_quotas")}
    for user in counted.keys() | quotas.keys():
        if user not in users:
            yield Difference("notifications.push_quotas.user_id", user, "one that exists", user, (user,))
        place = "notifications.push_quotas.subscriptions"
        yield from compared(place, user, counted[user], quotas.get(user, 0), (user,))
