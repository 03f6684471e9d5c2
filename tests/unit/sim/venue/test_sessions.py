"""When markets open and close."""

import msgspec
import pytest

from services.contracts.times import from_rfc3339, rfc3339
from sim.listings import listings
from sim.venue.sessions import Session

SHARE = Session(listings()["AAPL"].instrument)
CRYPTO = Session(listings()["BTCUSDT"].instrument)


@pytest.mark.parametrize(
    ("moment", "is_open"),
    [
        ("2024-08-08T06:59:59Z", False),
        ("2024-08-08T07:00:00Z", True),
        ("2024-08-08T20:39:59Z", True),
        ("2024-08-08T20:40:00Z", False),
        ("2024-08-10T12:00:00Z", False),
    ],
)
def test_shares_trade_on_weekdays_from_open_to_close(moment: str, is_open: bool) -> None:
    assert SHARE.is_open(from_rfc3339(moment)) == is_open
    assert CRYPTO.is_open(from_rfc3339(moment))


@pytest.mark.parametrize(
    ("moment", "kind", "then"),
    [
        ("2024-08-08T06:00:00Z", "call", "2024-08-08T06:58:00"),
        ("2024-08-08T06:58:00Z", "open", "2024-08-08T07:00:00"),
        ("2024-08-08T07:00:00Z", "closing", "2024-08-08T20:40:00"),
        ("2024-08-08T20:40:00Z", "close", "2024-08-08T20:42:00"),
        ("2024-08-08T20:42:00Z", "call", "2024-08-09T06:58:00"),
        ("2024-08-09T20:42:00Z", "call", "2024-08-12T06:58:00"),
    ],
)
def test_boundaries_follow_each_other(moment: str, kind: str, then: str) -> None:
    boundary = SHARE.after(from_rfc3339(moment))
    assert (boundary.kind, rfc3339(boundary.time)[:19]) == (kind, then)


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        ("2024-08-08T06:57:59Z", "closed"),
        ("2024-08-08T06:58:00Z", "pre_open"),
        ("2024-08-08T07:00:00Z", "open"),
        ("2024-08-08T20:40:00Z", "pre_close"),
        ("2024-08-08T20:42:00Z", "closed"),
        ("2024-08-10T06:59:00Z", "closed"),
    ],
)
def test_a_session_begins_and_ends_with_an_auction(moment: str, status: str) -> None:
    assert SHARE.status(from_rfc3339(moment)) == status
    assert CRYPTO.status(from_rfc3339(moment)) == "open"


def test_crypto_has_a_day_that_turns_at_midnight() -> None:
    boundary = CRYPTO.after(from_rfc3339("2024-08-10T12:00:00Z"))
    assert (boundary.kind, rfc3339(boundary.time)[:10]) == ("day", "2024-08-11")


def test_the_next_open_lies_behind_the_weekend() -> None:
    assert rfc3339(SHARE.next_open(from_rfc3339("2024-08-09T10:00:00Z")))[:19] == "2024-08-12T07:00:00"


def test_the_table_of_instruments_is_whole() -> None:
    known = listings()
    assert {each.feed.kind for each in known.values()} == {"daily", "agents", "recorded"}
    assert len(known) == 10
    for symbol, each in known.items():
        assert each.instrument.symbol == symbol
        assert each.instrument.maker_fee_ppm <= each.instrument.taker_fee_ppm
        if each.feed.kind != "daily":
            assert each.feed.price % each.instrument.tick == 0
            assert each.feed.trade % each.instrument.lot == 0


def test_an_unknown_column_of_the_table_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"kind": "agents", "colour": "red"}, type(next(iter(listings().values())).feed))
