"""The chat's tables: topics, messages, reactions, mentions, words, who follows what, what moderators do,
and a copy of who is called what.
"""

from sqlalchemy import Column, Index, MetaData, String, Table, Text, UniqueConstraint, select

from services.kernel.columns import AMOUNT, ID, TIME, Key
from services.kernel.seals import seal
from services.kernel.state import StateQuery

metadata = MetaData()

REASON = String(500)

topics = Table(
    "topics",
    metadata,
    Column("topic_id", ID, primary_key=True),
    Column("title", String(120), nullable=False),
    Column("author_id", ID, nullable=False),
    Column("created", TIME, nullable=False),
    Column("messages", AMOUNT, nullable=False),
    Column("active", TIME, nullable=False),
    Column("pinned", AMOUNT, nullable=False, server_default="0"),
    Column("locked", AMOUNT, nullable=False, server_default="0"),
    seal("messages", "active", added=("pinned", "locked")),
    Index("topics_listed", "pinned", "active", "topic_id"),
)
messages = Table(
    "messages",
    metadata,
    Column("message_id", ID, primary_key=True),
    Column("topic_id", ID, nullable=False),
    Column("author_id", ID, nullable=False),
    Column("text", Text, nullable=False),  # Nothing, when the message is removed.
    Column("posted", TIME, nullable=False),
    Column("reply_to", ID),
    Column("edited", TIME),
    Column("removed", TIME),
    Column("removed_by", Key(16)),  # author or moderator
    Column("reason", REASON),  # Why a moderator removed it.
    seal(added=("reply_to", "edited", "removed", "removed_by", "reason")),
    Index("messages_topic", "topic_id", "message_id"),
)
reactions = Table(
    "reactions",
    metadata,
    Column("message_id", ID, primary_key=True),
    Column("kind", Key(16), primary_key=True),
    Column("user_id", ID, primary_key=True),
    Column("since", TIME, nullable=False),
    seal(),
)
members = Table(
    "members",
    metadata,
    Column("user_id", ID, primary_key=True),
    Column("display_name", String(80), nullable=False),
)
handles = Table(
    "handles",
    metadata,
    Column("user_id", ID, primary_key=True),
    Column("handle", Key(80), nullable=False),
    seal(),
    Index("handles_handle", "handle", "user_id"),
    # What each user is called after an @.
)
mentions = Table(
    "mentions",
    metadata,
    Column("message_id", ID, primary_key=True),
    Column("user_id", ID, primary_key=True),
    Column("since", TIME, nullable=False),
    seal(),
)
follows = Table(
    "follows",
    metadata,
    Column("user_id", ID, primary_key=True),
    Column("topic_id", ID, primary_key=True),
    Column("since", TIME, nullable=False),
    Column("read", AMOUNT, nullable=False),  # Of the topic's messages, how many the user has seen.
    seal("read"),
)
words = Table(
    "words",
    metadata,
    Column("word", Key(64), primary_key=True),
    Column("message_id", ID, primary_key=True),
    seal(),
    # By which messages are found: the words of their texts, folded.
)
mutes = Table(
    "mutes",
    metadata,
    Column("user_id", ID, primary_key=True),
    Column("until", TIME, nullable=False),
    Column("reason", REASON, nullable=False),
    Column("muted_by", ID, nullable=False),
    Column("since", TIME, nullable=False),
    seal(),
)
reports = Table(
    "reports",
    metadata,
    Column("report_id", ID, primary_key=True),
    Column("message_id", ID, nullable=False),
    Column("topic_id", ID, nullable=False),
    Column("author_id", ID, nullable=False),
    Column("reporter_id", ID, nullable=False),
    Column("reason", REASON, nullable=False),
    Column("text", Text, nullable=False),  # What the message said when it was reported.
    Column("reported", TIME, nullable=False),
    Column("status", Key(16), nullable=False),  # open, removed or dismissed
    Column("closed_by", ID),
    Column("closed", TIME),
    seal(),
    UniqueConstraint("message_id", "reporter_id", name="reports_once"),
    Index("reports_status", "status", "report_id"),
)
acts = Table(
    "acts",
    metadata,
    Column("act_id", ID, primary_key=True),
    Column("actor_id", ID, nullable=False),
    Column("kind", Key(16), nullable=False),
    Column("subject_id", ID, nullable=False),  # A topic, a message, a report or a user.
    Column("reason", REASON, nullable=False),
    Column("until", TIME),
    Column("time", TIME, nullable=False),
    seal(),
    # What moderators did.
)
STATE = {
    "topics": StateQuery(select(topics), (topics.c.topic_id,)),
    "messages": StateQuery(select(messages), (messages.c.message_id,)),
    "members": StateQuery(select(members), (members.c.user_id,)),
}
