"""The words of messages, also of those that are there already."""

import sqlalchemy as sa
from alembic import op

from services.chat.domain.words import words as words_of
from services.chat.store.tables import words
from services.chat.store.words import rows_of
from services.kernel.columns import ID, Key
from services.kernel.inserts import new_only

revision = "0007_words"
down_revision = "0006_moderation"
mark = "expand"

BATCH = 500
NEXT = sa.text(
    "SELECT message_id, text FROM messages WHERE message_id > :after AND removed IS NULL "
    "ORDER BY message_id LIMIT :most"
)


def upgrade() -> None:
    op.create_table(
        "words",
        sa.Column("word", Key(64), primary_key=True),
        sa.Column("message_id", ID, primary_key=True),
        sa.Column("seal", sa.BigInteger, nullable=False),
    )
    connection, after = op.get_bind(), ""
    keep = new_only(words, connection.dialect.name)
    while found := connection.execute(NEXT, {"after": after, "most": BATCH}).all():
        after = found[-1][0]
        rows = [row for message_id, text in found for row in rows_of(message_id, words_of(text))]
        if rows:
            connection.execute(keep, [dict(zip(("word", "message_id", "seal"), row, strict=True)) for row in rows])
