"""Orders, portfolio, notifications, signals, chat and closed bars: events of the broker, each to whom it concerns."""

from collections.abc import Mapping

import httpx
import msgspec
import pytest

from services.contracts.envelope import Envelope, body_of
from services.contracts.event import Event
from services.contracts.events.chat import MessagePosted
from services.contracts.events.market_data import BarClosed
from services.contracts.events.notifications import NotificationCreated
from services.contracts.events.orders import OrderAccepted, OrderFilled
from services.contracts.events.portfolio import PositionChanged
from services.contracts.ids import new_id
from services.contracts.market import Bar
from services.contracts.orders import Fill, OrderState
from tests.integration.bff.market import OPEN
from tests.integration.bff.peers import TestPeer
from tests.integration.bff.stack import Mailbox, Stack, bearer, logged_in, registered
from tests.integration.bff.wire import API, Client, entered


async def publish(stack: Stack, *events: Event) -> None:
    """As a service's relay does."""
    envelopes = [
        Envelope(
            id=new_id(),
            name=event.name,
            version=event.version,
            producer=event.producer,
            key=event.key,
            seq=1,
            time=OPEN,
            market_time=OPEN,
            correlation="test",
            body=body_of(event),
        )
        for event in events
    ]
    await stack.broker.publish(envelopes)


def order(account: str, order_id: str = "o1", **changes: object) -> OrderState:
    state = OrderState(
        order_id=order_id,
        account_id=account,
        client_order_id="c1",
        symbol="AAPL",
        currency="USD",
        price_scale=2,
        quantity_scale=0,
        side="buy",
        type="limit",
        tif="day",
        quantity=10,
        limit_price=20_000,
        status="new",
        created=OPEN,
        updated=OPEN,
    )
    return msgspec.structs.replace(state, **changes)


def filled(account: str) -> OrderFilled:
    fill = Fill(
        fill_id="e1",
        order_id="o1",
        account_id=account,
        symbol="AAPL",
        currency="USD",
        price_scale=2,
        quantity_scale=0,
        side="buy",
        price=19_990,
        quantity=10,
        cost=199_900,
        fee=100,
        liquidity="taker",
        time=OPEN,
    )
    return OrderFilled(order=order(account, status="filled", filled=10, value=199_900, fees=100), fill=fill)


@pytest.fixture
async def people(
    client: httpx.AsyncClient, mailbox: Mailbox, ann: dict[str, str]
) -> Mapping[str, tuple[str, dict[str, str]]]:
    """Two traders: id and tokens by name."""
    await registered(client, mailbox, "bob@example.org", API)
    made = {"ann": ann, "bob": await logged_in(client, "bob@example.org", API)}
    ids = {name: (await client.get(f"{API}/me", headers=bearer(tokens))).json()["id"] for name, tokens in made.items()}
    return {name: (ids[name], tokens) for name, tokens in made.items()}


async def followed(client: Client, *channels: str) -> None:
    await client.subscribe(*channels)
    for _ in channels:
        await client.until(lambda message: message["type"] == "snapshot")


async def test_an_orders_events_go_to_its_owner_alone(
    running: Stack, people: Mapping[str, tuple[str, dict[str, str]]]
) -> None:
    TestPeer("orders")
    (ann, ann_tokens), (bob, bob_tokens) = people["ann"], people["bob"]
    async with entered(running, ann_tokens) as ann_client, entered(running, bob_tokens) as bob_client:
        for client in (ann_client, bob_client):
            await followed(client, "orders")
        await publish(running, OrderAccepted(order=order(ann)), filled(ann), OrderAccepted(order=order(bob, "o2")))
        accepted, done = await ann_client.of("orders"), await ann_client.of("orders")
        assert (accepted["data"]["event"], accepted["data"]["fill"]) == ("order_accepted", None)
        assert (done["prev_seq"], done["seq"]) == (1, 2)
        assert done["data"]["order"]["average_price"] == "199.9000"
        assert done["data"]["fill"]["fee"] == "1.00"
        first = await bob_client.of("orders")
        assert (first["seq"], first["data"]["order"]["id"]) == (1, "o2")


async def test_a_snapshot_of_orders_is_every_page_of_the_open_ones(running: Stack, ann: dict[str, str]) -> None:
    class Paged(TestPeer):
        async def __call__(self, scope, receive, send) -> None:  # type: ignore[no-untyped-def]
            last = b"cursor" in scope["query_string"]
            self.content = {"items": [{"id": len(self.asked)}], "next": None if last else "more"}
            await super().__call__(scope, receive, send)

    orders = Paged("orders")
    async with entered(running, ann) as client:
        await client.subscribe("orders")
        assert (await client.of("orders"))["data"] == {"items": [{"id": 0}, {"id": 1}]}
    assert orders.headers["authorization"] == bearer(ann)["Authorization"]
    assert all("status=new" in asked and "status=filled" not in asked for _, asked in orders.asked)


async def test_what_else_happens_is_told_as_its_pages_show_it(
    running: Stack, people: Mapping[str, tuple[str, dict[str, str]]]
) -> None:
    for name in ("portfolio", "notifications", "chat"):
        TestPeer(name)
    ann, tokens = people["ann"]
    mine = PositionChanged(
        account_id=ann,
        symbol="AAPL",
        quantity=10,
        quantity_scale=0,
        cost=199_900,
        realised=0,
        currency="USD",
        cash=1,
    )
    text = {"kind": "order_filled", "title": "Filled", "text": "10 AAPL"}
    async with entered(running, tokens) as client:
        await followed(client, "portfolio", "notifications", "chat:t1")
        await publish(
            running,
            mine,
            msgspec.structs.replace(mine, account_id=people["bob"][0], cash=2),
            NotificationCreated(notification_id="n1", user_id=ann, created=OPEN, **text),
            MessagePosted(topic_id="t1", message_id="m1", author_id="x", author="Жанна", text="👋", posted=OPEN),
            MessagePosted(topic_id="t2", message_id="m2", author_id="x", author="x", text="x", posted=OPEN),
        )
        heard: dict[str, dict[str, object]] = {}
        while len(heard) < 3:
            message = await client.until(lambda each: each["type"] == "delta")
            heard[message["channel"]] = message["data"]
        assert heard["portfolio"]["cost"] == "1999.00"
        assert heard["portfolio"]["cash"] == "0.01"
        assert (heard["notifications"]["title"], heard["notifications"]["read"]) == ("Filled", False)
        assert heard["chat:t1"]["author"] == "Жанна"


async def test_a_closed_bar_of_a_minute_is_told_and_longer_ones_are_not(running: Stack, ann: dict[str, str]) -> None:
    minute = Bar(symbol="AAPL", interval="1m", start=OPEN, open=1, high=3, low=1, close=2, volume=5, trades=2)
    bars = [msgspec.structs.replace(minute, interval="5m"), minute]
    async with entered(running, ann) as client:
        await followed(client, "candles:AAPL:1m")
        await publish(running, *(BarClosed(symbol="AAPL", bar=bar) for bar in bars))
        delta = await client.of("candles:AAPL:1m", "delta")
        assert (delta["seq"], delta["data"]["closed"], delta["data"]["high"]) == (1, True, "0.03")


async def test_a_channel_whose_service_is_away_is_refused_and_the_others_go_on(
    running: Stack, ann: dict[str, str]
) -> None:
    TestPeer("notifications")
    async with entered(running, ann) as client:
        await client.subscribe("portfolio", "notifications")
        answers = [await client.until(lambda each: each["type"] in {"error", "snapshot"}) for _ in range(2)]
        by_channel = {answer["channel"]: answer for answer in answers}
        assert by_channel["portfolio"]["code"] == "unavailable"
        assert by_channel["notifications"]["type"] == "snapshot"
