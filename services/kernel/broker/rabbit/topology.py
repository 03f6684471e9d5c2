"""What lies in RabbitMQ: a topic exchange a producer, a queue and its dead letters a consumer.

RabbitMQ refuses a queue whose arguments are others than they were, so these stay as they are over all releases: what
changes them is a queue of another name.
"""

from collections.abc import Collection, Iterable, Iterator
from functools import cache

from pamqp.base import Frame
from pamqp.commands import Exchange, Queue
from pamqp.common import FieldTable

from services.contracts.event import REGISTRY, Event

Route = tuple[str, str]
"""Producer and name of an event: its exchange and its routing key."""
DEAD_LETTERS = "dead_letters"
"""The exchange that dead letters of all queues go through, by the name of their queue."""
MOST = 1_000_000
"""Messages in a queue with which its producers are refused more; theirs then wait in their outboxes."""
DELIVERIES = 200
"""Times that a consumer may die over a message. What a living one can't handle, it sets aside by itself; this is for
what kills, and far more than a night of killing for other reasons costs an innocent message."""


def routes(kinds: Iterable[type[Event]]) -> frozenset[Route]:
    """Where these events come from."""
    return frozenset((kind.producer, kind.name) for kind in kinds)


@cache
def every() -> frozenset[Route]:
    """Where any event comes from."""
    return routes(REGISTRY.values())


def dead_of(name: str) -> str:
    """The queue of a queue's dead letters."""
    return f"{name}.dead"


def exchange(producer: str) -> Frame:
    """Where a producer's events come in."""
    return Exchange.Declare(exchange=producer, exchange_type="topic", durable=True)


def queue(name: str) -> list[Frame]:
    """A queue with its dead letters."""
    dead = dead_of(name)
    return [
        Exchange.Declare(exchange=DEAD_LETTERS, exchange_type="direct", durable=True),
        Queue.Declare(queue=dead, durable=True, arguments={"x-queue-type": "quorum", "x-delivery-limit": -1}),
        Queue.Bind(queue=dead, exchange=DEAD_LETTERS, routing_key=name),
        Queue.Declare(queue=name, durable=True, arguments=arguments(name)),
    ]


def arguments(name: str) -> FieldTable:
    """One consumer at a time, so that the order holds; no message is dropped, whether it comes or dies."""
    return {
        "x-queue-type": "quorum",
        "x-single-active-consumer": True,
        "x-overflow": "reject-publish",
        "x-max-length": MOST,
        "x-dead-letter-exchange": DEAD_LETTERS,
        "x-dead-letter-routing-key": name,
        "x-dead-letter-strategy": "at-least-once",
        "x-delivery-limit": DELIVERIES,
    }


def exchanges(wanted: Collection[Route]) -> Iterator[Frame]:
    """Those that these events come in by, made where nobody has declared them yet."""
    for producer in sorted({producer for producer, _ in wanted}):
        yield exchange(producer)


def binding(name: str, wanted: Collection[Route]) -> Iterator[Frame]:
    """A queue gets these events."""
    yield from exchanges(wanted)
    for producer, event in sorted(wanted):
        yield Queue.Bind(queue=name, exchange=producer, routing_key=event)


def unbinding(name: str, wanted: Collection[Route]) -> Iterator[Frame]:
    """A queue gets none of the other events; RabbitMQ takes it well when it never did."""
    for producer, event in sorted(every() - set(wanted)):
        yield Queue.Unbind(queue=name, exchange=producer, routing_key=event)
