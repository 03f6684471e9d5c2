"""Channels that are a numbered stream of events or values: quotes, candles, orders, notifications, chat."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

import msgspec

from services.bff.domain.channels import MARKET, PRIVATE, Channel
from services.bff.domain.deltas import Delta, Latest
from services.bff.handlers.feed import Feed
from services.bff.handlers.market import terms_of
from services.bff.handlers.session import Session
from services.contracts import channels
from services.contracts.instruments import Instrument
from services.contracts.market import Bar, Quote, bar_json, quote_json
from services.kernel.peers import PeerUnavailable

encode = msgspec.json.Encoder().encode
decode_quote = msgspec.json.Decoder(Quote).decode
decode_bar = msgspec.json.Decoder(Bar).decode
Snapshot = Callable[[Session, Channel], Awaitable[bytes]]
Ask = Callable[[str, str], Awaitable[bytes | None]]
"""A symbol's value from market data itself, by its page and name."""
QUOTES, MINUTES = "/internal/quotes", "/internal/minutes"
ASK_AGAIN = 0.5
"""Seconds between two tries."""


class Stream:
    """One channel's events while anybody follows it; a member whose snapshot is being fetched has them held back."""

    def __init__(self, channel: str, kind: type[Delta]) -> None:
        self.channel = channel
        self.kind = kind
        self.seq = 0
        self.members: dict[Session, list[Delta] | None] = {}

    def publish(self, data: bytes) -> None:
        """Tell the next event to all who follow."""
        self.seq += 1
        delta = self.kind(self.channel, self.seq - 1, self.seq, data)
        for session, held in list(self.members.items()):
            if held is None:
                session.deliver(delta)
            else:
                held.append(delta)

    def start(self, session: Session, seq: int, snapshot: bytes) -> None:
        """Send the snapshot and what came while it was fetched; a value is in the snapshot already."""
        held = self.members.get(session)
        if held is None:
            return
        self.members[session] = None
        if issubclass(self.kind, Latest):
            seq, held = self.seq, []
        session.snapshot(self.channel, seq, snapshot)
        for delta in held:
            session.deliver(delta)


class Values:
    """A channel of the cache of which only the last message counts, as its stream."""

    def __init__(
        self, stream: Stream, render: Callable[[bytes], bytes], ask: Callable[[], Awaitable[bytes | None]]
    ) -> None:
        self.raws: list[bytes] = []
        self.stream = stream
        self._render = render
        self._ask = ask
        self._asking: asyncio.Task[None] | None = None

    def flush(self) -> None:
        """Publish the last. What comes while the value is asked for is newer, and waits for that."""
        if self._asking is None:
            last = self.raws[-1]
            self.raws.clear()
            self.stream.publish(self._render(last))

    def lost(self) -> None:
        """The value is asked for, because the next message may be a long time coming."""
        if self._asking is None:
            self._asking = asyncio.get_running_loop().create_task(self._ask_until_known())
            self._asking.add_done_callback(self._asked)

    async def _ask_until_known(self) -> None:
        self.raws.clear()
        while self.stream.members and not self.raws:
            try:
                value = await self._ask()
            except PeerUnavailable:
                await asyncio.sleep(ASK_AGAIN)
                continue
            if value is not None and not self.raws:
                self.raws.append(value)
            return

    def _asked(self, task: "asyncio.Task[None]") -> None:
        self._asking = None
        if self.raws and not task.cancelled():
            self.flush()


class Streams:
    """All followed streams, by channel and, for private ones, by user."""

    def __init__(self, feed: Feed, instruments: Mapping[str, Instrument], snapshot: Snapshot, ask: Ask) -> None:
        self._feed = feed
        self._instruments = instruments
        self._snapshot = snapshot
        self._ask = ask
        self._streams: dict[tuple[str, str], Stream] = {}
        self._sources: dict[str, Stream] = {}
        """By channel of the cache, the stream that is fed from it."""

    async def join(self, session: Session, channel: Channel) -> None:
        """Send the whole state, then every change."""
        key = (channel.name, session.principal.user_id if channel.kind in PRIVATE else "")
        terms = terms_of(self._instruments, channel) if channel.kind in MARKET else None
        stream = self._streams.get(key)
        new = stream is None
        if stream is None:
            stream = self._streams[key] = Stream(channel.name, Latest if terms else Delta)
        seq = stream.seq
        stream.members[session] = []
        session.subscriptions[channel.name] = partial(self._leave, stream, session)
        try:
            if new and terms is not None:
                await self._feed_from_cache(stream, channel, terms)
            snapshot = await self._snapshot(session, channel)
        except BaseException:
            session.leave(channel.name)
            raise
        stream.start(session, seq, snapshot)

    def followed(self, channel: str, user_id: str = "") -> Stream | None:
        """The channel's stream, if anybody follows it."""
        stream = self._streams.get((channel, user_id))
        return stream if stream is not None and stream.members else None

    @property
    def any(self) -> bool:
        """Whether anybody follows anything."""
        return bool(self._streams)

    async def sweep(self) -> None:
        """Forget what nobody follows."""
        for key, stream in list(self._streams.items()):
            if not stream.members:
                del self._streams[key]
        for source, stream in list(self._sources.items()):
            if not stream.members:
                del self._sources[source]
                await self._feed.remove(source)

    async def _feed_from_cache(self, stream: Stream, channel: Channel, terms: Instrument) -> None:
        source, page, render = self._source(channel, terms)
        self._sources[source] = stream
        await self._feed.add(Values(stream, render, partial(self._ask, page, terms.symbol)), source)

    def _source(self, channel: Channel, terms: Instrument) -> tuple[str, str, Callable[[bytes], bytes]]:
        """The cache's channel, market data's page of the same values, and how they look to clients."""
        name = terms.symbol
        if channel.kind == "quotes":
            return channels.quotes(name), QUOTES, lambda raw: encode(quote_json(decode_quote(raw), terms))
        return channels.candles(name), MINUTES, lambda raw: encode(bar_json(decode_bar(raw), terms, closed=False))

    def _leave(self, stream: Stream, session: Session) -> None:
        stream.members.pop(session, None)
