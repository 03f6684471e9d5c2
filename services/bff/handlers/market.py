"""Books and trades for all clients: one copy of each followed symbol's market, each change encoded once."""

import asyncio
from collections.abc import Mapping
from functools import partial

import msgspec

from services.bff.domain.book import Batch, Gap, Market
from services.bff.domain.channels import Channel
from services.bff.domain.deltas import Delta, Levels
from services.bff.handlers.feed import Feed
from services.bff.handlers.session import Session
from services.contracts import channels
from services.contracts.errors import DomainError
from services.contracts.instruments import Instrument
from services.contracts.market import BookDelta, BookSnapshot, MarketView, Trade, levels_json, trade_json
from services.contracts.times import rfc3339
from services.kernel.peers import Peer, refusal

encode = msgspec.json.Encoder().encode
decode = msgspec.json.Decoder(list[Trade | BookDelta | BookSnapshot]).decode
decode_view = msgspec.json.Decoder(MarketView).decode


class Followed:
    """One symbol while anybody follows its book or its trades."""

    def __init__(self, terms: Instrument, market_data: Peer) -> None:
        self.raws: list[bytes] = []
        self.terms = terms
        self.members: dict[str, dict[Session, None]] = {"book": {}, "trades": {}}
        self._book = f"book:{terms.symbol}"
        self._trades = f"trades:{terms.symbol}"
        self._market = Market(terms.symbol)
        self._market_data = market_data
        self._told = 0
        """The number of the book that the clients have."""
        self._loading: asyncio.Task[None] | None = None
        self._joining = 0

    @property
    def deserted(self) -> bool:
        return not self._joining and not any(self.members.values())

    async def join(self, session: Session, channel: Channel) -> None:
        """Send the whole state, then every change."""
        self._joining += 1
        try:
            while not self._market.known or self._loading is not None:
                await asyncio.shield(self._loading or self._load())
        finally:
            self._joining -= 1
        if channel.name not in session.subscriptions:
            return
        self.members[channel.kind][session] = None
        if channel.kind == "book":
            session.snapshot(channel.name, self._told, self._whole_book())
        else:
            latest = [trade_json(trade, self.terms) for trade in self._market.latest]
            session.snapshot(channel.name, self._market.trade_id, encode({"items": latest}))

    def flush(self) -> None:
        """Apply what came and tell it. What comes while a whole view is fetched waits for that."""
        if self._loading is not None or not self._market.known:
            return
        raws, self.raws = self.raws, []
        batch = Batch()
        try:
            self._market.follow(decode(b"[%b]" % b",".join(raws)), batch)
        except Gap:
            self._loading = self._load()
        self._tell(batch)

    def lost(self) -> None:
        """Nothing is known to follow what is there."""
        if self._market.known and self._loading is None:
            self._loading = self._load()

    def _load(self) -> "asyncio.Task[None]":
        """Fetch a whole view."""
        self._loading = asyncio.get_running_loop().create_task(self._fetch())
        self._loading.add_done_callback(self._loaded)
        return self._loading

    async def _fetch(self) -> None:
        self.raws.clear()
        path = f"/internal/market/{self.terms.symbol}"
        answer = await self._market_data.request("GET", path, query={"after": self._market.trade_id}, internal=True)
        if answer.status >= 400:
            raise refusal(self._market_data.name, answer)
        self._tell(self._market.look(decode_view(answer.body)))

    def _loaded(self, task: "asyncio.Task[None]") -> None:
        self._loading = None
        if task.cancelled() or task.exception() is not None:
            self._desert()
        elif self.raws:
            self.flush()

    def _desert(self) -> None:
        """The market can't be had now: everybody must come again."""
        for kind, members in self.members.items():
            for session in list(members):
                session.lose(f"{kind}:{self.terms.symbol}")

    def _tell(self, batch: Batch) -> None:
        market = self._market
        if batch.anew:
            self._told = market.seq
            whole = self._whole_book() if self.members["book"] else b""
            for session in self.members["book"]:
                session.snapshot(self._book, market.seq, whole)
        elif batch.bids or batch.asks:
            levels = Levels(self._book, self._told, market.seq, batch.bids, batch.asks, market.time, self._levels)
            self._told = market.seq
            for session in list(self.members["book"]):
                session.deliver(levels)
        if batch.trades_lost:
            for session in list(self.members["trades"]):
                session.lose(self._trades)
        if self.members["trades"]:
            self._tell_trades(batch.trades)

    def _tell_trades(self, trades: list[Trade]) -> None:
        for trade in trades:
            data = encode(trade_json(trade, self.terms))
            delta = Delta(self._trades, trade.trade_id - 1, trade.trade_id, data)
            for session in list(self.members["trades"]):
                session.deliver(delta)

    def _levels(self, bids: dict[int, int], asks: dict[int, int], time: int) -> bytes:
        return encode(
            {
                "symbol": self.terms.symbol,
                "time": rfc3339(time),
                "bids": levels_json(bids.items(), self.terms),
                "asks": levels_json(asks.items(), self.terms),
            }
        )

    def _whole_book(self) -> bytes:
        """Best levels first."""
        market = self._market
        bids, asks = dict(sorted(market.bids.items(), reverse=True)), dict(sorted(market.asks.items()))
        return self._levels(bids, asks, market.time)


class Markets:
    """All followed symbols."""

    def __init__(self, feed: Feed, market_data: Peer, instruments: Mapping[str, Instrument]) -> None:
        self._feed = feed
        self._market_data = market_data
        self._instruments = instruments
        self._followed: dict[str, Followed] = {}
        self._joining = asyncio.Lock()

    async def join(self, session: Session, channel: Channel) -> None:
        """Follow a book or trades."""
        terms = terms_of(self._instruments, channel)
        async with self._joining:
            followed = self._followed.get(terms.symbol)
            if followed is None:
                followed = self._followed[terms.symbol] = Followed(terms, self._market_data)
                await self._feed.add(followed, channels.book(terms.symbol), channels.trades(terms.symbol))
        session.subscriptions[channel.name] = partial(self._leave, followed, session, channel)
        try:
            await followed.join(session, channel)
        except BaseException:
            session.leave(channel.name)
            raise

    async def sweep(self) -> None:
        """Stop following what nobody follows."""
        async with self._joining:
            for symbol in [name for name, followed in self._followed.items() if followed.deserted]:
                del self._followed[symbol]
                await self._feed.remove(channels.book(symbol), channels.trades(symbol))

    def _leave(self, followed: Followed, session: Session, channel: Channel) -> None:
        followed.members[channel.kind].pop(session, None)


def terms_of(instruments: Mapping[str, Instrument], channel: Channel) -> Instrument:
    """The instrument that a channel is about."""
    terms = instruments.get(channel.topic)
    if terms is None:
        raise DomainError("unknown_symbol", 404, f"there is no instrument {channel.topic}", field="channels")
    return terms
