"""Users and what others keep of them; what they write to each other; what they are told."""

from collections import Counter
from collections.abc import Iterator

from tradectl.audit.difference import Difference, compared, disagreeing
from tradectl.audit.snapshot import Snapshot

OPERATORS = "operators@tradectl.invalid"
"""To whom Alertmanager writes, by the same gateway as the platform, which tells them nothing."""


def members_are_users(snapshot: Snapshot) -> Iterator[Difference]:
    """The forum's copies of names are auth's."""
    users = {row["id"]: row for row in snapshot.rows("auth.users")}
    for member in snapshot.rows("chat.members"):
        key, name = member["user_id"], users.get(member["user_id"], {}).get("display_name", "no user")
        places = "chat.members.display_name", "auth.users.display_name"
        yield from disagreeing(places, key, (member["display_name"], name), (key,))


def topics_count_messages(snapshot: Snapshot) -> Iterator[Difference]:
    """Each topic counts its messages and knows the last one's time; each message has its topic and author."""
    counted = Counter(row["topic_id"] for row in snapshot.rows("chat.messages"))
    topics = {row["topic_id"] for row in snapshot.rows("chat.topics")}
    last: dict[str, int] = {}
    for row in snapshot.rows("chat.messages"):
        last[row["topic_id"]] = max(last.get(row["topic_id"], 0), row["posted"])
    users = {row["id"] for row in snapshot.rows("auth.users")}
    for topic in snapshot.rows("chat.topics"):
        key = topic["topic_id"]
        yield from compared("chat.topics.messages", key, counted[key], topic["messages"], (key,))
        yield from compared("chat.topics.active", key, last.get(key, topic["created"]), topic["active"], (key,))
        yield from _known("chat.topics.author_id", key, topic["author_id"], users)
    for message in snapshot.rows("chat.messages"):
        yield from _known("chat.messages.topic_id", message["message_id"], message["topic_id"], topics)
        yield from _known("chat.messages.author_id", message["message_id"], message["author_id"], users)


def accounts_are_users(snapshot: Snapshot) -> Iterator[Difference]:
    """One account a user: who deposits or trades is registered."""
    users = {row["id"] for row in snapshot.rows("auth.users")}
    for place, column in ACCOUNTS.items():
        for row in snapshot.rows(place):
            yield from _known(f"{place}.{column}", row[column], row[column], users)


UNSENT = ("pending", "dead")
ACCOUNTS = {
    "orders.accounts": "account_id",
    "portfolio.deposits": "account_id",
    "orders.deposits": "account_id",
    "portfolio.withdrawals": "account_id",
    "orders.withdrawals": "account_id",
}


def profiles_are_users(snapshot: Snapshot) -> Iterator[Difference]:
    """Mail goes to the address, and in the language, that the user has."""
    users = {row["id"]: row for row in snapshot.rows("auth.users")}
    for profile in snapshot.rows("notifications.profiles"):
        key, user = profile["user_id"], users.get(profile["user_id"], {})
        for column in ("email", "language"):
            places = f"notifications.profiles.{column}", f"auth.users.{column}"
            yield from disagreeing(places, key, (profile[column], user.get(column, "no user")), (key,))


def rights_are_the_logs(snapshot: Snapshot) -> Iterator[Difference]:
    """Nobody got a role, or was blocked or let in again, without a line in the log; the first admin is made so."""
    logged = {(line["user_id"], line["field"]): line["after"] for line in snapshot.rows("auth.audit_log")}
    for user in snapshot.rows("auth.users"):
        key, about = user["id"], (user["id"],)
        first = "admin" if user["verified"] == user["created"] else "trader"
        yield from compared("auth.users.roles", key, logged.get((key, "roles"), first), user["roles"], about)
        blocked = logged.get((key, "blocked"), "false")
        yield from compared("auth.users.blocked", key, blocked, str(bool(user["blocked"])).lower(), about)


def mails_are_deliveries(snapshot: Snapshot) -> Iterator[Difference]:
    """Each delivery that was made lies in the mail gateway under its Message-ID, as written; no other mail does."""
    notifications = snapshot.indexed("notifications.notifications", "notification_id")
    mails = {str(mail["message_id"]).strip("<>").partition("@")[0]: mail for mail in snapshot.mails}
    for delivery in snapshot.rows("notifications.deliveries"):
        key = f"{delivery['notification_id']}.{delivery['channel']}"
        notification = notifications.get((delivery["notification_id"],))
        if notification is None:
            yield Difference("notifications.deliveries.notification_id", key, "one that exists", "none", (key,))
            continue
        mail = mails.pop(key, None)
        if mail is None or delivery["status"] != "sent":
            expected = "sent" if mail else " or ".join(UNSENT)
            if delivery["status"] not in ({"sent"} if mail else UNSENT):
                yield Difference("notifications.deliveries.status", key, expected, str(delivery["status"]), (key,))
            continue
        to, title = ", ".join(mail["to"]), " ".join(notification["title"].split())
        yield from compared("notifications.deliveries.address", key, to, delivery["address"], (key,))
        yield from compared("notifications.notifications.title", key, mail["subject"], title, (key,))
        text = (mail["text"] or "").split()
        yield from compared("notifications.notifications.text", key, text, notification["text"].split(), (key,))
    for key in (key for key, mail in mails.items() if mail["to"] != [OPERATORS]):
        yield Difference("notifications.deliveries", key, "a row for this mail", "no row", (key,))


def notifications_are_for_users(snapshot: Snapshot) -> Iterator[Difference]:
    """Each notification, and each choice of what is told, is somebody's."""
    users = {row["id"] for row in snapshot.rows("auth.users")}
    for row in snapshot.rows("notifications.notifications"):
        yield from _known("notifications.notifications.user_id", row["notification_id"], row["user_id"], users)
    for row in snapshot.rows("notifications.preferences"):
        yield from _known("notifications.preferences.user_id", row["user_id"], row["user_id"], users)


def _known(where: str, key: object, value: object, among: set[object]) -> Iterator[Difference]:
    if value not in among:
        yield Difference(where, str(key), "one that exists", str(value), (str(key), str(value)))


MOVES = {"price": ("price_down", "price_up"), "change": ("change_down", "change_up")}


def alerts_wait_where_they_should(snapshot: Snapshot) -> Iterator[Difference]:
    """Each alert is a user's and waits for its threshold, or to be armed again, or is done; users' are counted."""
    users = {row["id"] for row in snapshot.rows("auth.users")}
    for row in snapshot.rows("notifications.alerts"):
        key, about = row["alert_id"], (row["alert_id"], row["user_id"])
        yield from _known("notifications.alerts.user_id", key, row["user_id"], users)
        kind, _, side = str(row["condition"]).partition("_")
        done = not row["armed"] and row["repeat"] == "once"
        watch = None if done else MOVES[kind][(side == "above") == bool(row["armed"])]
        level = row["threshold"] if row["armed"] or done else row["rearm_at"]
        yield from compared("notifications.alerts.watch", key, watch, row["watch"], about)
        yield from compared("notifications.alerts.level", key, level, row["level"], about)
        fired = (row["fired"] is not None, row["armed"] in (0, 1))
        yield from compared("notifications.alerts.fired", key, (row["fires"] > 0, True), fired, about)
    counted = Counter(row["user_id"] for row in snapshot.rows("notifications.alerts"))
    quotas = {row["user_id"]: row["alerts"] for row in snapshot.rows("notifications.alert_quotas")}
    for user in counted.keys() | quotas.keys():
        yield from _known("notifications.alert_quotas.user_id", user, user, users)
        yield from compared("notifications.alert_quotas.alerts", user, counted[user], quotas.get(user, 0), (user,))
