"""Users and what others keep of them; what they write to each other; what they are told."""

from collections import Counter
from collections.abc import Iterator

from tradectl.audit.difference import Difference, compared
from tradectl.audit.snapshot import Snapshot


def members_are_users(snapshot: Snapshot) -> Iterator[Difference]:
    """The forum's copies of names are auth's."""
    users = {row["id"]: row for row in snapshot.rows("auth.users")}
    for member in snapshot.rows("chat.members"):
        name = users.get(member["user_id"], {}).get("display_name", "no user")
        about = (member["user_id"],)
        yield from compared("chat.members.display_name", member["user_id"], name, member["display_name"], about)


def topics_count_messages(snapshot: Snapshot) -> Iterator[Difference]:
    """Each topic counts its messages and knows the last one's time; each message has its topic and author."""
    counted = Counter(row["topic_id"] for row in snapshot.rows("chat.messages"))
    topics = {row["topic_id"] for row in snapshot.rows("chat.topics")}
    users = {row["id"] for row in snapshot.rows("auth.users")}
    for topic in snapshot.rows("chat.topics"):
        key = topic["topic_id"]
        yield from compared("chat.topics.messages", key, counted[key], topic["messages"], (key,))
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


ACCOUNTS = {
    "orders.accounts": "account_id",
    "portfolio.deposits": "account_id",
    "orders.deposits": "account_id",
}


def _known(where: str, key: object, value: object, among: set[object]) -> Iterator[Difference]:
    if value not in among:
        yield Difference(where, str(key), "one that exists", str(value), (str(key), str(value)))
