import asyncio
import random

import pytest

from services.fix.codec import encode
from services.fix.session import AbandonedError, Exchange, Role
from services.fix.timestamps import timestamp
from services.fix.transport import Acceptor, Endpoint, Initiator, NotLoggedOnError, endpoint
from tests.eventually import eventually
from tests.integration.fix.pair import Books, Pair, news, settings


def logon(sender: str, target: str) -> bytes:
    header = [(49, sender.encode()), (52, timestamp(endpoint.wall_clock())), (56, target.encode())]
    return encode([(35, b"A"), (34, b"1"), *header, (98, b"0"), (108, b"30")])


async def test_messages_go_both_ways_and_one_read_is_one_transaction() -> None:
    async with Pair().up() as pair:
        names = [f"order {number}" for number in range(200)]
        await pair.send(*names)
        await eventually(lambda: len(pair.orders.applied) == 200)
        assert pair.broker.applied == names
        assert pair.orders.applied == [f"re {name}" for name in names]
        assert len(pair.broker.batches) < 20


async def test_a_logout_ends_the_session_in_order() -> None:
    pair = Pair()
    async with pair.up():
        pass
    assert not pair.acceptor.attached
    assert not pair.initiator.logged_on
    assert pair.orders.store.numbers == (4, 4)
    assert pair.broker.store.numbers == (4, 4)


async def test_what_a_cut_connection_swallowed_comes_again_on_both_sides() -> None:
    async with Pair().up() as pair:
        await pair.send("a")
        await eventually(lambda: pair.orders.applied == ["re a"])
        await asyncio.gather(pair.send("b"), pair.report("unasked"))
        pair.proxy.cut()
        await eventually(lambda: not pair.initiator.logged_on)
        await pair.send("c")
        await eventually(lambda: len(pair.orders.applied) == 4)
        assert pair.broker.applied == ["a", "b", "c"]
        assert sorted(pair.orders.applied) == ["re a", "re b", "re c", "unasked"]
        await eventually(lambda: pair.orders.synchronisations == 2)


async def test_everything_is_applied_once_and_in_order_whenever_the_connection_is_cut() -> None:
    chance = random.Random(11)
    async with Pair().up() as pair:
        names = [str(number) for number in range(300)]
        for name in names:
            try:
                await pair.send(name)
            except NotLoggedOnError:
                await pair.send(name)
            if chance.random() < 0.05:
                pair.proxy.cut()
                await eventually(lambda: not pair.initiator.logged_on)
        await eventually(lambda: len(pair.orders.applied) >= 300, timeout=30)
        assert pair.broker.applied == names
        assert pair.orders.applied == [f"re {name}" for name in names]


async def test_a_failed_transaction_is_repeated_by_the_resend() -> None:
    async with Pair().up() as pair:
        pair.broker.failures = 2
        await pair.send("a", "b")
        await eventually(lambda: pair.orders.applied == ["re a", "re b"])
        assert pair.broker.applied == ["a", "b"]
        assert pair.broker.failures == 0


async def test_a_death_between_the_commit_and_the_wire_loses_nothing() -> None:
    deaths = ["fix.send.before"]

    def kill_point(name: str) -> None:
        if name in deaths and len(pair.broker.applied) == 1:
            deaths.remove(name)
            raise ConnectionAbortedError(name)

    pair = Pair(kill_point)
    async with pair.up():
        await pair.send("a")
        await eventually(lambda: pair.orders.applied == ["re a"])
    assert deaths == []
    assert pair.broker.applied == ["a"]


async def test_work_that_fails_sends_nothing_and_leaves_no_gap() -> None:
    async with Pair().up() as pair:

        async def work(exchange: Exchange) -> None:
            exchange.send([news("never")])
            raise ValueError("the row was taken")

        with pytest.raises(ValueError, match="taken"):
            await pair.initiator.run(work)
        await pair.send("a")
        await eventually(lambda: pair.orders.applied == ["re a"])
        assert pair.broker.applied == ["a"]


async def test_who_waits_for_a_session_whose_transaction_failed_waits_for_the_next_one() -> None:
    async with Pair().up() as pair:

        async def work(exchange: Exchange) -> None:
            exchange.send([news("never")])
            raise ValueError("the database is gone")

        for _ in range(3):
            with pytest.raises(ValueError, match="gone"):
                await pair.initiator.run(work)
            await asyncio.wait_for(pair.initiator.wait_logged_on(), 10)
            assert pair.initiator.logged_on


async def test_work_that_fails_before_it_sent_anything_keeps_the_connection() -> None:
    async with Pair().up() as pair:

        async def work(exchange: Exchange) -> None:
            raise ValueError("nothing to do")

        with pytest.raises(ValueError, match="nothing"):
            await pair.initiator.run(work)
        assert pair.initiator.logged_on


async def test_a_transaction_that_outlives_its_work_keeps_no_number_of_what_came_meanwhile() -> None:
    async with Pair().up() as pair:
        begun, go_on = asyncio.Event(), asyncio.Event()

        async def transaction(exchange: Exchange) -> None:
            begun.set()
            await go_on.wait()
            exchange.send([news("late")])

        async def work(exchange: Exchange) -> None:
            transactions.append(asyncio.create_task(transaction(exchange)))
            await asyncio.shield(transactions[0])

        transactions: list[asyncio.Task[None]] = []
        working = asyncio.create_task(pair.initiator.run(work))
        await begun.wait()
        working.cancel()
        await asyncio.wait([working])
        go_on.set()
        with pytest.raises(AbandonedError):
            await transactions[0]
        await pair.send("a")
        await eventually(lambda: pair.orders.applied == ["re a"])
        assert pair.broker.applied == ["a"]


async def test_orders_are_not_given_to_a_session_that_is_down() -> None:
    orders = Endpoint(settings(Role.INITIATOR), Books())

    async def work(exchange: Exchange) -> None:
        raise AssertionError("not to be called")

    with pytest.raises(NotLoggedOnError, match="no session with BROKER"):
        await orders.run(work)


async def test_reports_made_while_the_session_is_down_arrive_after_the_logon() -> None:
    pair = Pair()
    await pair.report("a fill at night", "another")
    async with pair.up():
        assert pair.orders.applied == ["a fill at night", "another"]


async def test_the_session_goes_on_in_another_process() -> None:
    """New endpoints over the same stores stand for it."""
    first = Pair()
    async with first.up():
        await first.send("a")
        await eventually(lambda: first.orders.applied)
    await first.report("meanwhile")
    second = Pair()
    second.orders.store, second.broker.store = first.orders.store, first.broker.store
    async with second.up():
        await second.send("b")
        await eventually(lambda: second.orders.applied == ["meanwhile", "re b"])
    assert second.broker.applied == ["b"]


async def test_an_initiator_waits_for_an_acceptor_that_is_late(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    pair = Pair()
    async with Acceptor([pair.acceptor]) as acceptor:
        port = acceptor.port
    async with Initiator(pair.initiator, "127.0.0.1", port):
        await eventually(lambda: "failed" in caplog.text)
        async with Acceptor([pair.acceptor], port=port):
            await asyncio.wait_for(pair.initiator.wait_synchronised(), 10)


@pytest.mark.parametrize(("sender", "target"), [("STRANGER", "BROKER"), ("ORDERS", "STRANGER"), ("ORDERS", "BROKER")])
async def test_a_stranger_and_a_second_connection_are_closed_without_a_word(sender: str, target: str) -> None:
    async with Pair().up() as pair:
        reader, writer = await asyncio.open_connection("127.0.0.1", pair.proxy.target)
        writer.write(logon(sender, target))
        assert await asyncio.wait_for(reader.read(), 5) == b""
        writer.close()
        await writer.wait_closed()
        assert pair.initiator.logged_on


async def test_a_peer_that_does_not_read_loses_its_connection_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(endpoint, "WRITE_BUFFER", 1000)
    monkeypatch.setattr(endpoint, "WRITE_TIMEOUT", 0.05)
    pair = Pair()
    async with pair.listening():
        _, writer = await asyncio.open_connection("127.0.0.1", pair.proxy.target)
        writer.write(logon("ORDERS", "BROKER"))
        await eventually(lambda: pair.acceptor.logged_on)
        with pytest.raises(TimeoutError):
            await pair.report(*["x" * 50_000] * 400)
        await eventually(lambda: not pair.acceptor.attached)
        assert pair.broker.store.numbers.next_out == 2 + len(pair.broker.store.messages)
        writer.close()


@pytest.mark.parametrize("noise", [b"GET / HTTP/1.1\r\n\r\n", b"8=FIX.4.4\x019=3\x01nonsense\x0110=000\x01"])
async def test_noise_does_not_disturb_the_acceptor(noise: bytes) -> None:
    async with Pair().up() as pair:
        _, writer = await asyncio.open_connection("127.0.0.1", pair.proxy.target)
        writer.write(noise)
        writer.close()
        await writer.wait_closed()
        await pair.send("a")
        await eventually(lambda: pair.orders.applied == ["re a"])
