"""What a run of the market is made of. Kept in the journal, for the same setup and commands give the same market."""

from collections.abc import Mapping
from pathlib import Path

import msgspec

from services.contracts.times import from_rfc3339
from services.runtime.resources import Resources
from sim.feeds import days, recorded, table
from sim.feeds.agents.crowd import Crowd
from sim.feeds.daily import Daily
from sim.feeds.errors import FeedError
from sim.feeds.floor import Feed
from sim.feeds.history import DrawnHistory, History
from sim.feeds.lines import opened
from sim.feeds.program import AtEnd, Program
from sim.listings import Listing, listings
from sim.venue.sessions import Session

START = "2024-08-08T07:10:00Z"
SLICE = Path(__file__).parents[1] / "feeds" / "data" / "btcusdt-spot-20240808-slice.gz"


class Setup(msgspec.Struct, frozen=True, kw_only=True):
    """``feed`` is the path of the crypto pair's recording, empty for the slice that comes with the program."""

    seed: int
    origin: int
    feed: str = ""
    at_end: AtEnd = "agents"
    symbols: tuple[str, ...] = ()

    @property
    def listings(self) -> Mapping[str, Listing]:
        return {symbol: listing for symbol, listing in listings().items() if symbol in (self.symbols or listings())}


def from_options(resources: Resources) -> Setup:
    """Options ``at`` (RFC 3339), ``feed`` (a path), ``at_end`` and ``symbols`` (separated by commas; all without)."""
    options = resources.options
    at_end = options.get("at_end") or "agents"
    if at_end not in {"loop", "halt", "agents"}:
        raise FeedError(f"{at_end} cannot follow a recording", "say loop, halt or agents")
    symbols = tuple(name for name in options.get("symbols", "").split(",") if name)
    unknown = [name for name in symbols if name not in listings()]
    if unknown:
        raise FeedError(f"no instrument is called {unknown[0]}", f"there are {', '.join(listings())}")
    try:
        origin = from_rfc3339(options.get("at") or START)
    except ValueError as error:
        raise FeedError(f"the market cannot start at {options['at']}: {error}", f"say a time such as {START}") from None
    return msgspec.convert(
        {
            "seed": resources.seed,
            "origin": origin,
            "feed": options.get("feed", ""),
            "at_end": at_end,
            "symbols": symbols,
        },
        Setup,
    )


def check(setup: Setup) -> None:
    """FeedError when the recording, or real shares' days, cannot be played."""
    if setup.feed:
        path = Path(setup.feed)
        instrument = next(each.instrument for each in listings().values() if each.feed.kind == "recorded")
        if is_table(path):
            table.check_table(path, instrument)
        else:
            recorded.check(path, instrument.symbol)


def is_table(path: Path) -> bool:
    """Whether a file begins like a CSV file and not with a time and a JSON document."""
    with opened(path) as file:
        head = file.readline(4096)
    return b"{" not in head and b"," in head


def history_of(setup: Setup, listing: Listing) -> History:
    """The bars behind the start."""
    instrument, feed = listing.instrument, listing.feed
    session = Session(instrument)
    if feed.kind == "daily":
        real = days.real_days(feed.source, instrument.price_scale)
        return History(instrument, session, real, seed=setup.seed, origin=setup.origin)
    drawn = days.DrawnDays(instrument.symbol, setup.seed, feed.price, feed.volume, instrument.tick)
    return DrawnHistory(instrument, session, drawn, seed=setup.seed, origin=setup.origin)


def feed_of(setup: Setup, listing: Listing, history: History, start: int) -> Feed:
    """What plays an instrument from a moment on."""
    symbol, terms = listing.instrument.symbol, listing.feed

    def crowd(price: int, moment: int) -> Crowd:
        return Crowd(symbol, seed=setup.seed, price=price, trade=terms.trade, start=moment)

    if terms.kind == "daily":
        return Daily(history)
    if terms.kind == "agents":
        return crowd(terms.price, start)
    return Program(_recording(setup, listing, start), setup.at_end, crowd)


def _recording(setup: Setup, listing: Listing, start: int) -> recorded.Recording | table.Table:
    path = Path(setup.feed) if setup.feed else SLICE
    if is_table(path):
        return table.Table(path, listing.instrument, start, seed=setup.seed, unit=listing.feed.trade)
    return recorded.Recording(path, listing.instrument, start)
