"""A consumer's queues: one of its name, or shards beside it, of which each of its processes has some.

Each message has its bucket as a second routing key (CC), which means nothing to the producers' exchanges. Behind them
a sharded consumer has an exchange of its own that goes by it alone. Exchange and queues are named by the number of
shards, so that one deploy's can be there beside another's.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

import msgspec
from pamqp.base import Frame
from pamqp.commands import Exchange, Queue

from services.contracts.envelope import Envelope
from services.kernel.broker.rabbit.topology import (
    Route,
    arguments,
    binding,
    every,
    exchanges,
    queue,
    unbinding,
)

BUCKETS = 64
"""Fixed for ever: old and new processes must agree whose events are in which."""
SHARDS = (1, 2, 4, 8, 16, 32)
"""How many there may be: each then has as many buckets as any other."""


class Layout(NamedTuple):
    """What a consumer wants, in how many shards."""

    name: str
    wanted: frozenset[Route]
    shards: int = 1

    @property
    def queues(self) -> list[str]:
        """Those that its events go to."""
        return self.of(self.shards)

    def of(self, shards: int) -> list[str]:
        """Those of this or of another number of shards."""
        return [f"{self.name}.{shards}.{number}" for number in range(shards)] if shards > 1 else [self.name]

    def way_to(self, envelope: Envelope) -> tuple[str, str]:
        """Exchange and routing key by which an event comes into its queue."""
        return (self._exchange(self.shards), bucket_of(envelope)) if self.shards > 1 else ("", self.name)

    def declaring(self) -> Iterator[Frame]:
        """Have the queues, and have the events in them. The one of its name is always there: what other releases still
        put into it is taken."""
        yield from queue(self.name)
        if self.shards == 1:
            yield from binding(self.name, self.wanted)
            return
        own = self._exchange(self.shards)
        yield from self.making(self.shards)
        yield Exchange.Declare(exchange=own, exchange_type="direct", durable=True)
        for bucket in range(BUCKETS):
            yield Queue.Bind(queue=self.queues[bucket % self.shards], exchange=own, routing_key=str(bucket))
        yield from exchanges(self.wanted)
        for producer, event in sorted(self.wanted):
            yield Exchange.Bind(destination=own, source=producer, routing_key=event)

    def making(self, shards: int) -> Iterator[Frame]:
        """Have the queues of a number of shards; their dead letters go together."""
        for name in self.of(shards):
            yield Queue.Declare(queue=name, durable=True, arguments=arguments(self.name))

    def forgetting(self) -> Iterator[Frame]:
        """Get none of the events any more that an earlier release wanted."""
        if self.shards == 1:
            yield from unbinding(self.name, self.wanted)
            return
        for producer, event in sorted(every() - self.wanted):
            yield Exchange.Unbind(destination=self._exchange(self.shards), source=producer, routing_key=event)

    def tidying(self) -> Iterator[Frame]:
        """Get none of the events twice: what binds the queues of other layouts goes, and the queues stay."""
        if self.shards > 1:
            yield from unbinding(self.name, ())
        for shards in SHARDS[1:]:
            if shards != self.shards:
                yield Exchange.Delete(exchange=self._exchange(shards))

    def _exchange(self, shards: int) -> str:
        return f"{self.name}.shards.{shards}"


def bucket_of(envelope: Envelope) -> str:
    """As a routing key: the bucket of the account, or of what else an event belongs to."""
    try:
        whose = envelope.event.partition
    except (KeyError, msgspec.ValidationError):  # a later release's, that lay in the outbox
        whose = envelope.key
    return str(crc32(whose.encode()) % BUCKETS)


def priorities(process: str, shards: int) -> list[int]:
    """How much a process wants each shard; who wants it most has it.

    Each has an order of its own and so is the first for one shard as often as for any other: by independent hashes a
    fifth process would get none of eight shards in 17 of 100 cases, so it is 6.
    """
    digests = [blake2b(f"{process}/{shard}".encode(), digest_size=4).digest() for shard in range(shards)]
    hashes = [int.from_bytes(digest) for digest in digests]
    order = {shard: place for place, shard in enumerate(sorted(range(shards), key=hashes.__getitem__))}
    return [order[shard] << 16 | hashes[shard] & 0xFFFF for shard in range(shards)]
