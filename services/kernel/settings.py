"""Every limit of the platform with its default, by service: the sandbox's stop a runaway loop, not a busy client.

Set one by the environment (TRADECTL_ORDERS__MAX_OPEN=100) or by an option of the host ("orders.max_open").
"""

import json
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, NonNegativeFloat, PositiveFloat, PositiveInt, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.runtime.resources import Resources


class Section(BaseModel):
    """The settings of one room: frozen, and no unknown name is accepted."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Web(Section):
    """What holds at every service's HTTP port."""

    max_body: PositiveInt = 64 * 1024
    """Bytes."""


class Peers(Section):
    """Calls from one service to another."""

    timeout: PositiveFloat = 2.0
    """Seconds."""
    breaker_failures: PositiveInt = 5
    """Failures in a row after which a peer is left alone."""
    breaker_pause: PositiveFloat = 2.0
    """Seconds until it is tried again."""


class Auth(Section):
    """Passwords, tokens, sessions."""

    access_token_lifetime: PositiveInt = 15 * 60
    """Seconds."""
    refresh_token_lifetime: PositiveInt = 30 * 24 * 3600
    session_lifetime: PositiveInt = 90 * 24 * 3600
    code_lifetime: PositiveInt = 24 * 3600
    """Seconds that a code sent by mail is good for."""
    code_attempts: PositiveInt = 10
    reset_lifetime: PositiveInt = 3600
    """Seconds that a code which sets a new password is good for."""
    login_failures: Annotated[int, Field(ge=1, le=1_000)] = 10
    """Failed log-ins at an address within `login_window` seconds that lock it for `login_lock`."""
    login_window: PositiveInt = 15 * 60
    login_lock: PositiveInt = 15 * 60
    argon2_memory: PositiveInt = 19 * 1024
    """KiB (OWASP: 19 MiB, two passes, one lane)."""
    argon2_passes: PositiveInt = 2
    argon2_lanes: PositiveInt = 1
    argon2_parallel: PositiveInt = 2
    """Hashes worked on side by side."""
    max_watchlist: PositiveInt = 200
    """Symbols that a user may watch."""
    key_lifetime: PositiveInt = 30 * 24 * 3600
    """Seconds that a signing key signs; it verifies for an access token's lifetime longer."""


class Bff(Section):
    """The one door."""

    user_requests_per_second: PositiveInt = 2_000
    address_requests_per_second: PositiveInt = 5_000
    log_ins_per_minute: PositiveInt = 600
    """Registrations, codes, log-ins and refreshes from one address."""
    connections_per_user: PositiveInt = 20
    subscriptions_per_connection: PositiveInt = 200
    heartbeat: PositiveFloat = 15.0
    """Seconds between heartbeats on the WebSocket."""
    send_queue: PositiveInt = 20_000
    """Messages that wait for a slow client before it is told to resubscribe: enough for a minute of any market."""
    cors_origins: str = ""
    """Sites whose pages may read answers, such as https://trade.example, with spaces between them."""
    trusted_proxies: str = ""
    """Networks of ingresses, such as 172.16.0.0/12, with spaces between them: limits by address go by the client's
    address that these write down."""
    grpc_port: Annotated[int, Field(ge=0, lt=65_536)] = 0
    """Where the gRPC door listens, 0 for none; a second instance of the BFF on one machine takes the next port."""
    grpc_host: str = "127.0.0.1"


class Chat(Section):
    """Topics and messages."""

    posts_per_minute: PositiveInt = 600
    max_message: PositiveInt = 4_000
    """Characters."""
    max_title: PositiveInt = 120
    edit_within: PositiveInt = 15 * 60
    """Seconds for which a message can be edited."""


class MarketData(Section):
    """The provider's feed."""

    stale_after: PositiveFloat = 10.0
    """Seconds of silence on the provider's connection after which its quotes are stale."""
    reconnect_after: PositiveFloat = 0.2
    """Seconds, doubled up to `reconnect_at_most`, with jitter."""
    reconnect_at_most: PositiveFloat = 10.0
    poll_every: PositiveFloat = 1.0
    """Seconds between polls by REST while the WebSocket stays down."""


class Notifications(Section):
    """Channels."""

    mail_attempts: PositiveInt = 8
    mail_backoff: PositiveFloat = 0.5
    """Seconds before the second attempt; doubled for each one after it."""
    mails_per_second: PositiveInt = 20
    """As mail relays admit; in-app notifications are not held back."""
    mail_sender: str = "no-reply@tradectl.invalid"
    push_attempts: PositiveInt = 8
    push_backoff: PositiveFloat = 0.5
    """Seconds, as for mail; a push service may ask for more."""
    max_push_subscriptions: PositiveInt = 20
    """Browsers of one user."""
    max_alerts: PositiveInt = 200
    """Of one user, those that are done included."""
    alert_rearm: PositiveInt = 20
    """Hundredths of a per cent that a price must go back before an alert that repeats is armed again."""


class Orders(Section):
    """An account's limits, and the gateway's."""

    broker: Literal["fix", "rest"] = "fix"
    """By which of his doors the broker is reached."""
    max_notional: PositiveInt = 10_000_000
    """What one order may be worth, whole units of its currency."""
    max_open: PositiveInt = 10_000
    """Open orders of one account."""
    max_per_second: PositiveInt = 2_000
    """Orders that one account may place in a second."""
    fix_trace: bool = False
    """Whether trace context goes along to the broker: to the simulated one alone, for it is no part of FIX."""
    not_sent_after: PositiveFloat = 30.0
    """Seconds after which an order that no session took ends as ``not_sent``."""


class Portfolio(Section):
    """Sandbox money."""

    max_deposit: PositiveInt = 1_000_000_000
    """Whole units of the currency, or of the share."""


class Queues(Section):
    """How consumers share their work: the same for every service, for who publishes makes the queues too."""

    shards: dict[str, Literal[1, 2, 4, 8, 16, 32]] = {}
    """Into how many a service's queue is divided by account, as JSON: {"portfolio": 8}; one where it is not named."""

    @field_validator("shards", mode="before")
    @classmethod
    def _read(cls, given: Any) -> Any:
        return json.loads(given) if isinstance(given, str) else given


class Recommendations(Section):
    """Backtests."""

    backtest_days: PositiveInt = 35
    """Of market time that a strategy is tried on at once."""
    backtest_seconds: PositiveFloat = 1.6
    """After which a backtest is given up: less than who asked waits for."""


class Store(Section):
    """A service's database where it is a server."""

    lanes: PositiveInt = 1
    """Transactions side by side; use cases that wait for a lane share the next one."""
    readers: PositiveInt = 4
    """Connections for reads."""
    pace: NonNegativeFloat = 0.08
    """Seconds from the begin of a consumer's transaction to the next: what comes meanwhile shares that one."""
    connect_timeout: PositiveFloat = 3.0
    """Seconds."""
    statement_timeout: PositiveFloat = 10.0
    """Seconds after which a server that does not answer is lost."""
    lock_timeout: PositiveInt = 5
    """Seconds that a transaction waits for another's row before it begins anew."""


class Settings(BaseSettings):
    """All of them; a service reads its own section and those that hold everywhere."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="ignore",
        env_prefix="TRADECTL_",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    auth: Auth = Auth()
    bff: Bff = Bff()
    chat: Chat = Chat()
    market_data: MarketData = MarketData()
    notifications: Notifications = Notifications()
    orders: Orders = Orders()
    peers: Peers = Peers()
    portfolio: Portfolio = Portfolio()
    queues: Queues = Queues()
    recommendations: Recommendations = Recommendations()
    store: Store = Store()
    web: Web = Web()

    @classmethod
    def of(cls, resources: Resources) -> Self:
        """The host's options over the environment over the defaults."""
        sections: dict[str, Any] = {}
        for option, value in resources.options.items():
            section, dot, name = option.partition(".")
            if dot and section in cls.model_fields:
                sections.setdefault(section, {})[name] = value
        return cls(**sections)
