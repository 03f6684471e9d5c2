"""What an order would cost: to the cent what the order service reserves for it."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from services.contracts import money
from services.contracts.instruments import Instrument
from services.orders.api.previewing import preview_page
from services.orders.domain import changes
from services.orders.domain.order import Listing as Listed
from tests.unit.orders import making
from tests.unit.tradectl.desk.drafts import AAPL, BTCUSDT, draft, listed
from tradectl.desk import preview, ticket
from tradectl.desk.preview import Means, Preview
from tradectl.desk.ticket import Draft

REFERENCE = 20_000
RICH = Means(cash=Decimal("100000.00"), shares=Decimal(500))


def of(instrument: Instrument = AAPL, means: Means = RICH, **fields: Any) -> Preview:
    """The preview of a draft that makes an order."""
    terms = ticket.terms(draft(**fields), listed(instrument))
    assert terms is not None
    return preview.preview(terms, listed(instrument), means)


DRAFTS = st.builds(
    Draft,
    symbol=st.just("AAPL"),
    side=st.sampled_from(["buy", "sell"]),
    type=st.sampled_from(ticket.TYPES),
    quantity=st.decimals("0.00001", "100000", places=5).map(str) | st.integers(1, 10**6).map(str),
    limit_price=st.decimals("180", "220", places=2).map(str),
    stop_price=st.decimals("180", "220", places=2).map(str),
)


@given(DRAFTS, st.sampled_from([AAPL, BTCUSDT]), st.integers(0, 10**14))
def test_it_says_what_the_order_services_preview_says(drafted: Draft, instrument: Instrument, cash: int) -> None:
    assume(not ticket.refusals(drafted, listed(instrument)))
    scale = money.CURRENCY_SCALES[instrument.currency]
    at = Listed(instrument=instrument, reference=REFERENCE)
    prices = {"limit_price": None, "stop_price": None}
    order = changes.drafted(making.ticket(**(prices | drafted.body)), at, "o1", 0)
    page = preview_page(order, at, cash, [])
    terms = ticket.terms(drafted, listed(instrument))
    assert terms is not None
    ours = preview.preview(terms, listed(instrument), Means(cash=Decimal(money.text(cash, scale)), shares=Decimal(0)))
    told = {"cost": ours.cost, "fee": ours.fee, "currency": ours.currency, "buying_power_after": ours.after}
    assert {name: str(value) for name, value in told.items()} == {name: page[name] for name in told}


@given(DRAFTS, st.sampled_from([AAPL, BTCUSDT]), st.decimals(0, 10**8, places=2), st.decimals(0, 10**4, places=0))
def test_the_most_is_what_the_means_bear_and_one_lot_more_is_not(
    drafted: Draft, instrument: Instrument, cash: Decimal, shares: Decimal
) -> None:
    listing, means = listed(instrument), Means(cash=cash, shares=shares)
    terms = ticket.terms(drafted, listing)
    assume(terms is not None)
    assert terms is not None
    most = preview.most(terms, listing, means)
    assert most % listing.lot == 0
    assert not preview.preview(preview.with_quantity(terms, most), listing, means).short
    assert preview.preview(preview.with_quantity(terms, most + listing.lot), listing, means).short


def test_a_limit_buy_costs_its_limit_and_the_highest_fee() -> None:
    told = of()
    assert (told.cost, told.fee, told.total) == (Decimal("20000.00"), Decimal("20.00"), Decimal("20020.00"))
    assert told.after == Decimal("79980.00")


@pytest.mark.parametrize("type_", ["market", "stop"])
def test_a_buy_without_a_limit_is_held_at_the_upper_edge_of_the_band(type_: str) -> None:
    assert of(type=type_, stop_price="210.00").cost == Decimal("22000.00")


def test_a_market_sale_brings_the_reference_prices_worth_and_takes_no_money() -> None:
    told = of(side="sell", type="market")
    assert (told.cost, told.after) == (Decimal("20000.00"), RICH.cash)


def test_who_has_too_little_money_or_too_few_shares_is_told() -> None:
    assert of(quantity="500").short
    assert of(quantity="501", side="sell").short
    assert not of(quantity="500", side="sell").short


def test_without_money_the_most_is_nothing() -> None:
    terms = ticket.terms(draft(), listed())
    assert terms is not None
    assert preview.most(terms, listed(), Means(cash=Decimal(-5), shares=Decimal(0))) == 0
