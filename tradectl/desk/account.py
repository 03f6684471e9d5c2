"""What is the trader's own, and what people write, decoded from the BFF's JSON; money is Decimal."""

from datetime import datetime
from decimal import Decimal

from msgspec import Struct

OPEN = frozenset({"pending_new", "new", "partially_filled", "pending_cancel", "pending_replace"})


class Order(Struct, frozen=True):
    """An order as it is now."""

    id: str
    client_order_id: str
    symbol: str
    side: str
    type: str
    tif: str
    quantity: Decimal
    limit_price: Decimal | None
    stop_price: Decimal | None
    status: str
    filled_quantity: Decimal
    average_price: Decimal | None
    fees: Decimal
    currency: str
    reason: str | None
    created_at: datetime
    updated_at: datetime

    @property
    def open(self) -> bool:
        """Whether it may still be filled."""
        return self.status in OPEN


class Execution(Struct, frozen=True, kw_only=True):
    """What was traded, as orders and books have it alike."""

    order_id: str
    symbol: str
    side: str
    price: Decimal
    quantity: Decimal
    cost: Decimal
    fee: Decimal
    currency: str
    liquidity: str
    time: datetime


class Fill(Execution, frozen=True, kw_only=True):
    """One execution; one that ``reverses`` another takes it back."""

    id: str
    reverses: str | None = None


class OrderEvent(Struct, frozen=True):
    """What became of an order; ``event`` is for example order_filled."""

    event: str
    order: Order
    fill: Fill | None = None
    taken_back: Fill | None = None


class Refusal(Struct, frozen=True):
    """Why an order would be refused; ``field`` may be None."""

    code: str
    detail: str
    field: str | None


class Preview(Struct, frozen=True):
    """The most that a buy may cost, or what a sell brings; all are None of an order that is none."""

    cost: Decimal | None
    fee: Decimal | None
    currency: str | None
    buying_power_after: Decimal | None
    refusals: list[Refusal]


class Cash(Struct, frozen=True):
    """Money of one currency."""

    currency: str
    total: Decimal
    reserved: Decimal
    free: Decimal


class Position(Struct, frozen=True):
    """One instrument; the market's figures are None while there is no quote."""

    symbol: str
    currency: str
    quantity: Decimal
    reserved: Decimal
    cost: Decimal
    average_cost: Decimal | None
    realised: Decimal
    realised_fifo: Decimal
    market_value: Decimal | None
    unrealised: Decimal | None
    day_change: Decimal | None


class Portfolio(Struct, frozen=True):
    """All that the account holds."""

    cash: list[Cash] = []
    positions: list[Position] = []


class Transfer(Struct, frozen=True):
    """A deposit (pending, credited) or a withdrawal (requested, settled, declined)."""

    id: str
    asset: str
    amount: Decimal
    status: str


class Notification(Struct, frozen=True):
    """In its reader's language."""

    id: str
    kind: str
    title: str
    text: str
    read: bool
    created_at: datetime


class Signal(Struct, frozen=True):
    """What a strategy saw; ``reason`` is a text by language."""

    id: str
    symbol: str
    strategy: str
    side: str
    strength: int
    horizon: str
    reason: dict[str, str]
    numbers: dict[str, str]
    record: dict[str, str]
    bar_start: datetime
    historical: bool


class Alert(Struct, frozen=True):
    """``condition`` is price_above, price_below, …; ``status`` is armed, waiting or done."""

    id: str
    symbol: str
    condition: str
    threshold: Decimal
    repeat: str
    status: str
    fires: int
    triggered_at: datetime | None
    created_at: datetime


class Profile(Struct, frozen=True):
    """Who is signed in."""

    id: str
    email: str
    display_name: str
    language: str
    time_zone: str
    roles: list[str]


class Topic(Struct, frozen=True):
    """``unread`` is None of a topic that is not followed."""

    id: str
    title: str
    author_id: str
    messages: int
    pinned: bool
    locked: bool
    following: bool
    unread: int | None
    created_at: datetime
    active_at: datetime


class Message(Struct, frozen=True):
    """``removed`` is why there is no text any more; ``mentions`` are ids of users; ``reactions`` counts by kind.

    ``my_reactions`` is None in what the link tells to everybody.
    """

    id: str
    topic_id: str
    author_id: str
    author: str
    text: str
    reply_to: str | None
    mentions: list[str]
    symbols: list[str]
    reactions: dict[str, int]
    posted_at: datetime
    edited_at: datetime | None
    removed: dict[str, str | None] | None = None
    my_reactions: list[str] | None = None


class FoundMessage(Message, frozen=True, kw_only=True):
    """A message that a search has found."""

    topic_title: str
