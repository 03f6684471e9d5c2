"""Which shard an event is in, and which process has it."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace
from pamqp.commands import Exchange, Queue
from pydantic import ValidationError

from services.contracts.event import REGISTRY, Event
from services.contracts.events import chat, orders, portfolio
from services.contracts.ids import new_id
from services.kernel.broker.rabbit.layout import BUCKETS, SHARDS, Layout, bucket_of, priorities
from services.kernel.broker.rabbit.topology import routes
from services.kernel.settings import Settings
from services.portfolio.manifest import MANIFEST
from services.runtime.resources import Resources
from tests.envelopes import around, envelope

SEVERAL = SHARDS[1:]
PROCESSES = st.lists(st.uuids().map(str), min_size=2, max_size=6, unique=True)


def portfolio_in(shards: int) -> Layout:
    return Layout("portfolio", routes(MANIFEST.consumes), shards)


def holders(processes: list[str], shards: int) -> list[str]:
    """Who has each shard."""
    wishes = {process: priorities(process, shards) for process in processes}
    return [max(processes, key=lambda process: wishes[process][shard]) for shard in range(shards)]


def test_all_events_of_an_account_are_in_one_bucket_whichever_order_or_deposit_they_are_of() -> None:
    deposit = portfolio.CashDeposited(deposit_id=new_id(), account_id="ann", asset="USD", amount=1, scale=2)
    credit = orders.CashCredited(deposit_id=new_id(), account_id="ann", asset="USD", amount=1, scale=2)
    refused = orders.CashRefused(withdrawal_id=new_id(), account_id="ann", asset="USD", amount=1, reason="no")
    mention = chat.UserMentioned(
        topic_id="t", user_id="ann", message_id="m", author_id="ben", author="Ben", title="T", text="Ann"
    )
    assert len({bucket_of(around(event)) for event in (deposit, credit, refused, mention)}) == 1


def test_every_event_of_an_order_or_of_money_goes_by_its_account_and_a_symbols_by_the_symbol() -> None:
    own = {event.name for event in REGISTRY.values() if event.partition is not Event.partition}
    of_accounts = {event.name for event in REGISTRY.values() if event.producer in ("orders", "portfolio")}
    assert own == of_accounts | {"user_mentioned"}


def test_an_event_of_a_later_release_goes_by_its_aggregate() -> None:
    known = envelope("topic")
    assert bucket_of(replace(known, version=99)) == bucket_of(known)


@pytest.mark.parametrize("shards", SEVERAL)
def test_each_bucket_leads_to_one_shard_and_each_shard_has_as_many(shards: int) -> None:
    layout = portfolio_in(shards)
    bound = [
        (frame.routing_key, frame.queue)
        for frame in layout.declaring()
        if isinstance(frame, Queue.Bind) and frame.exchange == f"portfolio.shards.{shards}"
    ]
    assert sorted(int(key) for key, _ in bound) == list(range(BUCKETS))
    counts = [sum(queue == shard for _, queue in bound) for shard in layout.queues]
    assert set(counts) == {BUCKETS // shards}


@pytest.mark.parametrize("shards", SEVERAL)
def test_a_sharded_consumer_wants_the_same_events_as_one_with_a_single_queue(shards: int) -> None:
    alone = {
        (frame.exchange, frame.routing_key)
        for frame in portfolio_in(1).declaring()
        if isinstance(frame, Queue.Bind) and frame.queue == "portfolio"
    }
    shared = {
        (frame.source, frame.routing_key)
        for frame in portfolio_in(shards).declaring()
        if isinstance(frame, Exchange.Bind)
    }
    assert alone == shared == routes(MANIFEST.consumes)


def test_tidying_takes_nothing_back_that_the_layout_itself_needs() -> None:
    for shards in SHARDS:
        frames = list(portfolio_in(shards).tidying())
        deleted = {frame.exchange for frame in frames if isinstance(frame, Exchange.Delete)}
        assert deleted == {f"portfolio.shards.{other}" for other in SEVERAL if other != shards}
        unbound = {frame.queue for frame in frames if isinstance(frame, Queue.Unbind)}
        assert unbound == ({"portfolio"} if shards > 1 else set())


@given(processes=PROCESSES, joiner=st.uuids().map(str), shards=st.sampled_from(SEVERAL))
def test_who_joins_takes_shards_from_others_and_moves_none_between_them(
    processes: list[str], joiner: str, shards: int
) -> None:
    before, after = holders(processes, shards), holders([*processes, joiner], shards)
    assert all(new in (old, joiner) for old, new in zip(before, after, strict=True))


@given(process=st.uuids().map(str), shards=st.sampled_from(SEVERAL))
def test_a_process_wants_each_shard_differently_and_asks_for_what_rabbitmq_takes(process: str, shards: int) -> None:
    wishes = priorities(process, shards)
    assert len(set(wishes)) == shards
    assert all(0 <= wish < 2**31 for wish in wishes)


def test_shards_are_spread_about_evenly_and_nobody_is_left_without_any() -> None:
    for shards, processes, least in ((8, 2, 2), (16, 2, 4), (16, 3, 2), (16, 5, 1), (32, 4, 3)):
        rounds = [[f"pod-{turn}-{number}" for number in range(processes)] for turn in range(500)]
        counts = [[holders(names, shards).count(name) for name in names] for names in rounds]
        assert statistics.mean(min(each) for each in counts) > 0.35 * shards / processes
        assert sum(min(each) >= least for each in counts) >= 0.95 * len(counts), (shards, processes)


def test_the_number_of_shards_is_the_same_setting_for_all_services() -> None:
    told = Resources(name="orders", options={"queues.shards": '{"portfolio": 8}'})
    assert Settings.of(told).queues.shards == {"portfolio": 8}
    assert Settings.of(Resources(name="orders")).queues.shards == {}
    with pytest.raises(ValidationError, match="portfolio"):
        Settings.of(Resources(name="orders", options={"queues.shards": '{"portfolio": 7}'}))


def test_it_is_told_by_the_environment_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADECTL_QUEUES__SHARDS", '{"portfolio": 8, "notifications": 16}')
    assert Settings.of(Resources(name="orders")).queues.shards == {"portfolio": 8, "notifications": 16}
