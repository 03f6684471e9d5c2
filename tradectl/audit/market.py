"""Candles against the venue's tape, signals against their own words, copies of the instruments."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Any

from services.contracts.clock import DAY, HOUR, MINUTE
from tradectl.audit.difference import Difference, compared, copied, disagreeing, same
from tradectl.audit.snapshot import Row, Snapshot, document

LENGTHS = {"1m": MINUTE, "5m": 5 * MINUTE, "15m": 15 * MINUTE, "1h": HOUR, "1d": DAY}
BAR = same("open", "high", "low", "close", "volume", "trades")
COPIES = {
    "auth.instruments": "terms",
    "orders.instruments": "document",
    "portfolio.instruments": "terms",
    "notifications.instruments": "terms",
    "recommendations.instruments": "terms",
}
NOT_COPIED = {"status", "reference"}
"""Told by events of their own."""


def instruments_are_market_datas(snapshot: Snapshot) -> Iterator[Difference]:
    """Each copy of an instrument's terms is the listed one; the status is told by events of its own."""
    listed = {
        symbol: terms(row["terms"]) for (symbol,), row in snapshot.indexed("market_data.instruments", "symbol").items()
    }
    for place, column in COPIES.items():
        for row in snapshot.rows(place):
            expected, found = listed.get(row["symbol"], {}), terms(row[column])
            for field in (expected.keys() | found.keys()) - NOT_COPIED:
                places = f"{place}.{column}.{field}", f"market_data.instruments.terms.{field}"
                values = found.get(field), expected.get(field)
                yield from disagreeing(places, row["symbol"], values, (row["symbol"],))


def references_are_market_datas(snapshot: Snapshot) -> Iterator[Difference]:
    """The band that orders are checked against stands around the published price."""
    listed = snapshot.indexed("market_data.instruments", "symbol")
    places = "orders.instruments.reference", "market_data.instruments.reference"
    for key, row in snapshot.indexed("orders.instruments", "symbol").items():
        yield from disagreeing(places, key, (row["reference"], listed.get(key, row)["reference"]), key)


def symbols_are_followed(snapshot: Snapshot) -> Iterator[Difference]:
    """The trades of each listed instrument are counted, and of no other."""
    listed = snapshot.indexed("market_data.instruments", "symbol")
    yield from copied("market_data.progress", listed, snapshot.indexed("market_data.progress", "symbol"), {})


def terms(value: Any) -> Row:
    """An instrument's terms, from a column that pages show as text or as an object."""
    found: Row = document(value) if isinstance(value, str) else value
    return found


def candles_are_the_tapes(snapshot: Snapshot) -> Iterator[Difference]:
    """Each bar that began after the first trade read is made of the tape's trades, and the forming ones too."""
    progress = {row["symbol"]: row for row in snapshot.rows("market_data.progress")}
    stored: dict[str, dict[tuple[Any, ...], Row]] = defaultdict(dict)
    for row in snapshot.rows("market_data.candles"):
        stored[row["symbol"]][row["interval"], row["start"]] = row
    for symbol, tape in snapshot.tape.items():
        if symbol not in progress or not tape:
            continue
        trade_id = progress[symbol]["trade_id"]
        if trade_id > tape[-1]["trade_id"]:
            yield Difference(
                "market_data.progress.trade_id", symbol, str(tape[-1]["trade_id"]), str(trade_id), (symbol,)
            )
        counted = [trade for trade in tape if trade["trade_id"] <= trade_id]
        since = (tape[0]["time"] // MINUTE + 1) * MINUTE
        forming = {
            (name, bar["start"]): bar
            for name, bar in terms(progress[symbol]["forming"]).items()
            if bar["start"] >= since
        }
        closed = {key: bar for key, bar in stored[symbol].items() if key[1] >= since}
        bars = {key: bar for key, bar in made_of(counted).items() if key[1] >= since}
        known = forming | closed
        for key in bars.keys() | known.keys():
            where = f"market_data.{'progress.forming' if key in forming else 'candles'}"
            made = {key: bars[key]} if key in bars else {}
            found = {key: known[key]} if key in known else {}
            for difference in copied(where, made, found, BAR):
                yield Difference(difference.where, f"{symbol} {difference.key}", difference.expected, difference.found)


def made_of(trades: Iterable[Row]) -> dict[tuple[Any, ...], Row]:
    """Bars of every interval, by interval and start."""
    bars: dict[tuple[Any, ...], Row] = {}
    for trade in trades:
        price, quantity = trade["price"], trade["quantity"]
        for name, length in LENGTHS.items():
            key = (name, trade["time"] // length * length)
            bar = bars.get(key)
            if bar is None:
                bars[key] = {
                    "open": price,
                    "high": price,
                    "low": price,
                    "close": price,
                    "volume": quantity,
                    "trades": 1,
                }
                continue
            bar["high"], bar["low"] = max(bar["high"], price), min(bar["low"], price)
            bar["close"] = price
            bar["volume"] += quantity
            bar["trades"] += 1
    return bars


def signals_say_what_they_are(snapshot: Snapshot) -> Iterator[Difference]:
    """The columns that lists are made by are those of the signal itself; one a strategy and bar."""
    seen: dict[tuple[Any, ...], str] = {}
    for row in snapshot.rows("recommendations.signals"):
        signal = terms(row["document"])
        key = row["signal_id"]
        for column in ("signal_id", "symbol", "strategy", "side", "strength", "bar_start", "historical"):
            said = signal.get(column, False) if column == "historical" else signal[column]
            where = f"recommendations.signals.{column}"
            yield from compared(where, key, int(said) if isinstance(said, bool) else said, row[column], (key,))
        same_bar = (row["symbol"], row["strategy"], row["bar_start"])
        if seen.setdefault(same_bar, key) != key:
            yield Difference("recommendations.signals", key, f"one signal: {seen[same_bar]}", "another one", (key,))


def the_record_is_whole(snapshot: Snapshot) -> Iterator[Difference]:
    """The record has no hole and no execution id twice."""
    for expected, execution in enumerate(snapshot.executions, start=1):
        if execution["number"] != expected:
            yield Difference(
                "venue.executions.number", str(execution["number"]), str(expected), str(execution["number"])
            )
            break
