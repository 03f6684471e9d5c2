"""The chat's tables: topics, messages, reactions, mentions, who follows what, and a copy of who is called what."""

from sqlalchemy import Column, Index, MetaData, String, Table, Text, select

from services.kernel.columns import AMOUNT, ID, TIME, Key
from services.kernel.seals import seal
from services.kernel.state import StateQuery

metadata = MetaData()

topics = Table(
    "topics",
    metadata,
    Column("topic_id", ID, primary_key=True),
    Column("title", String(120), nullable=False),
    Column("author_id", ID, nullable=False),
    Column("created", TIME, nullable=False),
    Column("messages", AMOUNT, nullable=False),
    Column("active", TIME, nullable=False),
    seal("messages", "active"),
    Index("topics_active", "active", "topic_id"),
)
messages = Table(
    "messages",
    metadata,
    Column("message_id", ID, primary_key=True),
    Column("topic_id", ID, nullable=False),
    Column("author_id", ID, nullable=False),
    Column("text", Text, nullable=False, comment="Nothing, when the message is removed."),
    Column("posted", TIME, nullable=False),
    Column("reply_to", ID),
    Column("edited", TIME),
    Column("removed", TIME),
    Column("removed_by", Key(16), comment="author or moderator"),
    Column("reason", String(500), comment="Why a moderator removed it."),
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
    comment="What each user is called after an @.",
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
    Column("read", AMOUNT, nullable=False, comment="Of the topic's messages, how many the user has seen."),
    seal("read"),
)
STATE = {
    "topics": StateQuery(select(topics), (topics.c.topic_id,)),
    "messages": StateQuery(select(messages), (messages.c.message_id,)),
    "members": StateQuery(select(members), (members.c.user_id,)),
}
