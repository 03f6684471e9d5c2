"""What a typed order is refused for: never less, and never more, than the order service refuses it for."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.contracts.errors import DomainError
from services.contracts.instruments import Instrument
from services.orders.domain import checks
from services.orders.domain.order import Listing as Listed
from tests.unit.orders import making
from tests.unit.tradectl.desk.drafts import AAPL, BTCUSDT, draft, listed, placed
from tradectl.desk import ticket
from tradectl.desk.ticket import Draft, Refusal

REFERENCE = 20_000
UNLIMITED = checks.Limits(notional=10**40, open_orders=1)
SHARES_BY_FIVE = replace(AAPL, tick=5, lot=10)
TYPED = st.one_of(
    st.decimals("-10", "400", places=2).map(str),
    st.decimals("179.90", "220.10", places=3).map(str),
    st.integers(-5, 10**18 - 1).map(str),
    st.sampled_from(["0.00", "1.", ".5", "1e3", "NaN", "1 000", "1,5", "٣", " 200.00 ", "9" * 18 + "." + "9" * 18]),
)


def found(drafted: Draft, instrument: Instrument = AAPL, filled: str = "0") -> list[tuple[str, str]]:
    """Field and code of each refusal."""
    told = ticket.refusals(drafted, listed(instrument), Decimal(filled))
    return [(each.field, each.code) for each in told]


def refused_fields(drafted: Draft, instrument: Instrument) -> set[str | None]:
    """Those that the order service refuses of what would be sent."""
    at = Listed(instrument=instrument, reference=REFERENCE)
    prices = {"limit_price": None, "stop_price": None}
    try:
        state, _ = checks.draft(making.ticket(**(prices | drafted.body)), at)
    except DomainError as error:
        return {error.field}
    return {error.field for error in checks.refusals(state, at, UNLIMITED)}


@given(
    st.builds(
        Draft,
        symbol=st.just("AAPL"),
        side=st.sampled_from(["buy", "sell"]),
        type=st.sampled_from(ticket.TYPES),
        tif=st.sampled_from(ticket.TIMES_IN_FORCE),
        quantity=TYPED,
        limit_price=TYPED,
        stop_price=TYPED,
    ),
    st.sampled_from([AAPL, BTCUSDT, SHARES_BY_FIVE]),
)
def test_what_the_order_service_refuses_is_refused_at_that_field_and_nothing_else_is(
    drafted: Draft, instrument: Instrument
) -> None:
    ours, services = {field for field, _ in found(drafted, instrument)}, refused_fields(drafted, instrument)
    assert bool(ours) == bool(services)
    assert services <= ours


@given(st.builds(Draft, symbol=st.just("AAPL"), quantity=TYPED, limit_price=TYPED))
def test_an_order_that_nothing_refuses_has_its_terms_in_numbers(drafted: Draft) -> None:
    terms = ticket.terms(drafted, listed())
    if not found(drafted):
        assert terms is not None
        assert terms.quantity == Decimal(drafted.quantity)
        assert terms.limit_price == Decimal(drafted.limit_price)


@pytest.mark.parametrize(
    ("fields", "refusal"),
    [
        ({"quantity": ""}, ("quantity", "quantity_required")),
        ({"quantity": "ten"}, ("quantity", "not_a_number")),
        ({"quantity": "1,000"}, ("quantity", "not_a_number")),
        ({"quantity": "0"}, ("quantity", "invalid_quantity")),
        ({"quantity": "0.5"}, ("quantity", "off_lot")),
        ({"limit_price": ""}, ("limit_price", "price_required")),
        ({"limit_price": "200.001"}, ("limit_price", "off_tick")),
        ({"limit_price": "179.99"}, ("limit_price", "outside_band")),
        ({"type": "stop_limit"}, ("stop_price", "price_required")),
    ],
)
def test_each_field_is_refused_by_the_order_services_own_code(fields: dict[str, str], refusal: tuple[str, str]) -> None:
    assert found(draft(**fields)) == [refusal]


@pytest.mark.parametrize(("status", "code"), [("halted", "halted"), ("closed", "market_closed")])
def test_a_market_that_does_not_trade_is_told_at_the_symbol(status: str, code: str) -> None:
    stopped = replace(AAPL, status=status)
    assert found(draft(), stopped) == [("symbol", code)]


def test_an_instrument_without_a_price_is_told_at_the_symbol() -> None:
    told = ticket.refusals(draft(), listed(reference=None))
    assert told == (Refusal("symbol", "no_reference_price", {"symbol": "AAPL"}),)


def test_a_refusal_names_the_band() -> None:
    (told,) = ticket.refusals(draft(limit_price="300.00"), listed())
    assert told.about == {"low": "180.00", "high": "220.00"}


def test_a_field_is_refused_once() -> None:
    assert found(draft(limit_price="300.001")) == [("limit_price", "off_tick")]


def test_a_price_that_the_type_has_no_use_for_is_neither_checked_nor_sent() -> None:
    market = draft(type="market", limit_price="nonsense")
    assert found(market) == []
    assert "limit_price" not in market.body


def test_a_changed_order_must_stay_above_what_is_filled() -> None:
    assert found(draft(quantity="40"), filled="40") == [("quantity", "invalid_quantity")]
    assert found(draft(quantity="41"), filled="40") == []


def test_an_edit_names_only_what_changes_in_number() -> None:
    order = placed(quantity=Decimal(100), limit_price=Decimal("200.00"))
    assert ticket.edit(order, draft(quantity="100.0", limit_price="201")) == {"limit_price": "201"}
    assert ticket.edit(order, ticket.draft_of(order)) == {}


@pytest.mark.parametrize(
    ("text", "times", "after"),
    [("200.00", 1, "200.05"), ("200.03", 1, "200.05"), ("200.00", -2, "199.90"), ("0.05", -3, "0.05"), ("", 1, "210")],
)
def test_a_number_moves_by_steps_and_onto_them(text: str, times: int, after: str) -> None:
    assert ticket.stepped(text, Decimal("0.05"), times, Decimal(210)) == after
