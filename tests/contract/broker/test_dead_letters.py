"""What a queue sets aside is kept, can be read, and can be put back."""

from services.contracts.events.chat import MessagePosted
from services.kernel.broker import Broker
from tests.contract.broker.conftest import Opened
from tests.contract.broker.taking import SILENCE, seqs, tags, taken
from tests.envelopes import envelope, envelopes


async def test_a_dead_letter_says_what_it_is_and_why(opened: Opened) -> None:
    await opened.now.declare("queue", (MessagePosted,))
    sent = envelope("topic")
    await opened.now.publish([sent])
    queue = await opened.now.consume("queue")
    (delivery,) = await taken(queue, 1)
    await queue.set_aside(delivery.tag, "ValueError: no")
    await opened.rest()
    broker = await opened.lose()
    (letter,) = await broker.dead_letters("queue")
    assert (letter.queue, letter.envelope, letter.reason) == ("queue", sent, "ValueError: no")
    assert letter.time > 0
    assert await (await broker.consume("queue")).take(1, timeout=SILENCE) == []


async def test_an_event_that_was_acknowledged_can_be_buried(broker: Broker) -> None:
    await broker.declare("queue", (MessagePosted,))
    kept = envelope("topic", 4)
    await (await broker.consume("queue")).bury(kept, "ValueError: no")
    assert [letter.envelope for letter in await broker.dead_letters("queue")] == [kept]


async def test_a_replayed_dead_letter_comes_again_after_what_waits(opened: Opened) -> None:
    await opened.now.declare("queue", (MessagePosted,))
    await opened.now.publish(envelopes("topic", (1, 2)))
    queue = await opened.now.consume("queue")
    (delivery,) = await taken(queue, 1)
    await queue.set_aside(delivery.tag, "bad")
    (letter,) = await opened.now.dead_letters("queue")
    assert await opened.now.replay("queue", [letter.id, letter.id + 1_000]) == 1
    assert await opened.now.dead_letters("queue") == []
    broker = await opened.lose()
    assert seqs(await taken(await broker.consume("queue"), 2)) == [2, 1]


async def test_only_the_queue_itself_can_replay_its_dead_letters(broker: Broker) -> None:
    await broker.declare("one", (MessagePosted,))
    await broker.declare("two", (MessagePosted,))
    await (await broker.consume("one")).bury(envelope("topic"), "bad")
    (letter,) = await broker.dead_letters("one")
    assert await broker.replay("two", [letter.id]) == 0
    assert len(await broker.dead_letters("one")) == 1


async def test_dead_letters_are_the_same_whoever_reads_them_and_however_often(opened: Opened) -> None:
    await opened.now.declare("queue", (MessagePosted,))
    await opened.now.publish(envelopes("topic", range(1, 6)))
    queue = await opened.now.consume("queue")
    for tag in tags(await taken(queue, 5)):
        await queue.set_aside(tag, "bad")
    letters = await opened.now.dead_letters("queue")
    assert [letter.envelope.seq for letter in letters] == [1, 2, 3, 4, 5]
    for most in range(1, 31):
        assert await opened.now.dead_letters("queue", most) == letters[:most]
    broker = await opened.lose()
    assert await broker.dead_letters("queue") == letters
    assert await broker.replay("queue", [letter.id for letter in letters[1:4]]) == 3
    assert await broker.dead_letters("queue") == [letters[0], letters[4]]
    assert seqs(await taken(await broker.consume("queue"), 3)) == [2, 3, 4]
