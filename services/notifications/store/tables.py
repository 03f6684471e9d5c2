"""The tables of notifications: profiles, notifications, mails and pushes; preferences; alerts and instruments."""

from sqlalchemy import CheckConstraint, Column, Index, MetaData, String, Table, Text, select

from services.kernel.columns import AMOUNT, ID, TIME, Document, Key
from services.kernel.seals import seal
from services.kernel.state import StateQuery

metadata = MetaData()
ENDPOINT = Key(500)

profiles = Table(
    "profiles",
    metadata,
    Column("user_id", ID, primary_key=True),
    Column("email", String(320), nullable=False),
    Column("language", Key(2), nullable=False),
)
notifications = Table(
    "notifications",
    metadata,
    Column("notification_id", ID, primary_key=True),
    Column("user_id", ID, nullable=False),
    Column("kind", Key(32), nullable=False),
    Column("title", String(200), nullable=False),
    Column("text", Text, nullable=False),
    Column("in_app", AMOUNT, nullable=False),
    Column("read", AMOUNT, nullable=False),
    Column("created", TIME, nullable=False),
    Column("traceparent", Key(55), comment="The span that made it; its deliveries are children of that."),
    seal("read", added=("traceparent",)),
    Index("notifications_user", "user_id", "in_app", "notification_id"),
    Index("notifications_unread", "user_id", "in_app", "read"),
)
deliveries = Table(
    "deliveries",
    metadata,
    Column("notification_id", ID, primary_key=True),
    Column("channel", Key(8), primary_key=True),
    Column("address", String(320), nullable=False),
    Column("status", Key(8), nullable=False),
    Column("urgent", AMOUNT, nullable=False),
    Column("attempts", AMOUNT, nullable=False),
    Column("due", TIME, nullable=False),
    Column("error", String(500)),
    Index("deliveries_due", "status", "urgent", "due"),
)
preferences = Table(
    "preferences",
    metadata,
    Column("user_id", ID, primary_key=True),
    Column("choices", Document, nullable=False, comment="Channels by kind, where they are not all."),
    Column("changed", TIME, nullable=False),
    seal(),
)
push_keys = Table(
    "push_keys",
    metadata,
    Column("name", Key(16), primary_key=True),
    Column("private_key", Key(43), nullable=False, comment="The number of a key of P-256, base64url."),
    Column("created", TIME, nullable=False),
    seal(),
)
push_subscriptions = Table(
    "push_subscriptions",
    metadata,
    Column("subscription_id", ID, primary_key=True),
    Column("user_id", ID, nullable=False),
    Column("endpoint", ENDPOINT, nullable=False),
    Column("p256dh", Key(100), nullable=False),
    Column("auth", Key(100), nullable=False),
    Column("created", TIME, nullable=False),
    seal(),
    Index("push_subscriptions_user", "user_id", "subscription_id"),
    Index("push_subscriptions_endpoint", "endpoint", "user_id", unique=True),
)
push_quotas = Table(
    "push_quotas",
    metadata,
    Column("user_id", ID, primary_key=True),
    Column("subscriptions", AMOUNT, nullable=False),
    CheckConstraint("subscriptions >= 0", name="push_quotas_count_nothing_or_more"),
    comment="How many subscriptions each user has, which a limit is checked against.",
)
push_deliveries = Table(
    "push_deliveries",
    metadata,
    Column("notification_id", ID, primary_key=True),
    Column("subscription_id", ID, primary_key=True),
    Column("endpoint", ENDPOINT, nullable=False),
    Column("status", Key(8), nullable=False),
    Column("attempts", AMOUNT, nullable=False),
    Column("due", TIME, nullable=False),
    Column("error", String(500)),
    seal("status", "attempts", "due", "error"),
    Index("push_deliveries_due", "status", "due", "notification_id", "subscription_id"),
    Index("push_deliveries_subscription", "subscription_id", "status"),
)
SYMBOL = Key(32)
alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", ID, primary_key=True),
    Column("user_id", ID, nullable=False),
    Column("symbol", SYMBOL, nullable=False),
    Column("currency", Key(8), nullable=False),
    Column("price_scale", AMOUNT, nullable=False),
    Column("condition", Key(16), nullable=False),
    Column("threshold", AMOUNT, nullable=False),
    Column("rearm_at", AMOUNT, nullable=False),
    Column("repeat", Key(8), nullable=False),
    Column("created", TIME, nullable=False),
    Column("armed", AMOUNT, nullable=False),
    Column("watch", Key(16), comment="The move that it waits for; none when it is done."),
    Column("level", AMOUNT, nullable=False),
    Column("since", TIME, nullable=False),
    Column("fired", TIME),
    Column("fires", AMOUNT, nullable=False),
    seal("armed", "watch", "level", "since", "fired", "fires"),
    Index("alerts_user", "user_id", "alert_id"),
    Index("alerts_level", "symbol", "watch", "level"),
)
alert_quotas = Table(
    "alert_quotas",
    metadata,
    Column("user_id", ID, primary_key=True),
    Column("alerts", AMOUNT, nullable=False),
    CheckConstraint("alerts >= 0", name="alert_quotas_count_nothing_or_more"),
    comment="How many alerts each user has, which a limit is checked against.",
)
instruments = Table(
    "instruments",
    metadata,
    Column("symbol", SYMBOL, primary_key=True),
    Column("terms", Document, nullable=False),
)
STATE = {
    "profiles": StateQuery(select(profiles), (profiles.c.user_id,)),
    "notifications": StateQuery(
        select(notifications),
        (notifications.c.notification_id,),
    ),
    "deliveries": StateQuery(select(deliveries), (deliveries.c.notification_id, deliveries.c.channel)),
    "preferences": StateQuery(select(preferences), (preferences.c.user_id,)),
    # Neither our private key nor what a browser's pushes are encrypted with is shown; seals are over both.
    "push_subscriptions": StateQuery(
        select(
            push_subscriptions.c.subscription_id,
            push_subscriptions.c.user_id,
            push_subscriptions.c.endpoint,
            push_subscriptions.c.created,
        ),
        (push_subscriptions.c.subscription_id,),
    ),
    "push_quotas": StateQuery(select(push_quotas), (push_quotas.c.user_id,)),
    "push_deliveries": StateQuery(
        select(push_deliveries), (push_deliveries.c.notification_id, push_deliveries.c.subscription_id)
    ),
    "alerts": StateQuery(select(alerts), (alerts.c.alert_id,)),
    "alert_quotas": StateQuery(select(alert_quotas), (alert_quotas.c.user_id,)),
    "instruments": StateQuery(select(instruments), (instruments.c.symbol,)),
}
