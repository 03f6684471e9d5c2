"""A symbol's market played alone for a while."""

from dataclasses import dataclass, field

from services.contracts.market import Trade
from services.contracts.times import from_rfc3339
from sim.feeds.floor import Feed
from sim.listings import listings
from sim.venue.market import Market
from sim.venue.record import Record
from sim.venue.setup import Setup, feed_of, history_of

ORIGIN = from_rfc3339("2024-08-08T07:10:00Z")
STEP = 250_000


@dataclass
class Alone:
    """``spreads`` in ticks, one a step; ``levels`` the fewest seen on either side."""

    symbol: str
    seed: int = 7
    trades: list[Trade] = field(default_factory=list)
    spreads: list[int] = field(default_factory=list)
    levels: int = 1_000_000

    def __post_init__(self) -> None:
        listing = listings()[self.symbol]
        setup = Setup(seed=self.seed, origin=ORIGIN)
        past = history_of(setup, listing)
        self.market = Market(listing.instrument, Record())
        self.market.tape.status, self.market.reference = "open", past.reference
        self.feed: Feed = feed_of(setup, listing, past, ORIGIN)
        self.now = ORIGIN

    def play(self, seconds: int) -> None:
        for _ in range(seconds * 1_000_000 // STEP):
            self.feed.play(self.market, self.now)
            self.look()
            self.now += STEP

    def look(self) -> None:
        market = self.market
        bid, ask = market.bids.best(), market.asks.best()
        assert bid is not None, "no bid is left"
        assert ask is not None, "no ask is left"
        assert bid < ask
        self.spreads.append((ask - bid) // market.tick)
        self.levels = min(self.levels, len(market.bids.sizes), len(market.asks.sizes))
        market.tape.book(market.bids, market.asks)
        self.trades += market.tape.taken()[1]

    @property
    def middle(self) -> int:
        """Twice the price between the best two."""
        return (self.market.bids.best() or 0) + (self.market.asks.best() or 0)
