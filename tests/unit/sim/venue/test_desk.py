"""What the venue takes, refuses and changes."""

import msgspec
import pytest

from tests.unit.sim.venue.floor import REFERENCE, Pit


@pytest.fixture
def pit() -> Pit:
    return Pit(lot=10)


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"quantity": 15, "price": REFERENCE}, "off_lot"),
        ({"quantity": 0, "price": REFERENCE}, "off_lot"),
        ({"quantity": 10, "price": 12_001}, "price_band"),
        ({"quantity": 10, "price": 7_999}, "price_band"),
        ({"quantity": 10, "price": REFERENCE, "symbol": "NONE"}, "unknown_symbol"),
        ({"quantity": 10, "type": "limit"}, "limit_price"),
        ({"quantity": 10, "type": "stop"}, "stop_price"),
        ({"quantity": 10, "price": REFERENCE, "type": "market"}, "limit_price"),
    ],
)
def test_wrong_terms_are_refused_with_their_own_reason(pit: Pit, terms: dict[str, object], reason: str) -> None:
    pit.buy(**terms)  # type: ignore[arg-type]
    assert pit.said() == [("rejected", reason)]


def test_an_order_off_tick_is_refused() -> None:
    pit = Pit()
    pit.market.instrument = msgspec.structs.replace(pit.market.instrument, tick=5)
    pit.buy(10, 10_001)
    assert pit.said() == [("rejected", "off_tick")]


@pytest.mark.parametrize("status", ["closed", "halted"])
def test_a_market_that_does_not_trade_refuses_orders(pit: Pit, status: str) -> None:
    pit.market.tape.status = status  # type: ignore[assignment]
    pit.buy(10, REFERENCE)
    assert pit.said() == [("rejected", status)]


def test_an_id_used_before_is_refused_and_the_first_order_stands(pit: Pit) -> None:
    name = pit.buy(10, REFERENCE)
    pit.buy(20, REFERENCE, name=name)
    assert pit.said() == [("new", ""), ("rejected", "duplicate_order")]
    assert pit.status(name).quantity == 10


def test_two_senders_may_use_the_same_id(pit: Pit) -> None:
    pit.buy(10, REFERENCE, name="same")
    pit.buy(10, REFERENCE, name="same", sender="REST")
    assert pit.said() == [("new", ""), ("new", "")]


def test_a_cancel_ends_the_order_under_the_requests_id(pit: Pit) -> None:
    name = pit.buy(10, REFERENCE)
    pit.reports()
    pit.cancel(name, "x1")
    (report,) = pit.reports()
    assert (report.kind, report.cl_ord_id, report.orig_cl_ord_id, report.leaves) == ("cancelled", "x1", name, 0)
    assert not pit.market.bids.sizes


def test_a_cancel_of_what_has_ended_is_too_late(pit: Pit) -> None:
    name = pit.buy(10, REFERENCE)
    pit.cancel(name, "x1")
    pit.reports()
    pit.cancel("x1", "x2")
    assert pit.said() == [("cancel_rejected", "too_late")]


def test_a_cancel_of_what_was_never_there_names_no_order(pit: Pit) -> None:
    pit.cancel("nothing")
    (report,) = pit.reports()
    assert (report.reason, report.order_id) == ("unknown_order", "")


def test_a_replace_that_only_reduces_keeps_its_place(pit: Pit) -> None:
    first = pit.buy(30, REFERENCE, account="alice")
    pit.buy(10, REFERENCE, account="bob", name="bob")
    pit.replace(first, quantity=20)
    pit.reports()
    pit.sell(20, account="carol", name="taker")
    assert [fill[0] for fill in pit.fills() if fill[3] == "maker"] == ["r1"]


@pytest.mark.parametrize("terms", [{"quantity": 40}, {"quantity": 30, "limit_price": REFERENCE}])
def test_a_replace_that_asks_for_more_goes_to_the_end_of_the_queue(pit: Pit, terms: dict[str, int]) -> None:
    first = pit.buy(30, REFERENCE - 10 if "limit_price" in terms else REFERENCE)
    pit.buy(10, REFERENCE, account="bob", name="bob")
    pit.replace(first, "r1", **terms)
    pit.reports()
    pit.sell(10, account="carol", name="taker")
    assert [fill[0] for fill in pit.fills() if fill[3] == "maker"] == ["bob"]


def test_a_replace_may_make_the_order_trade(pit: Pit) -> None:
    pit.feed(asks={REFERENCE + 5: 100})
    name = pit.buy(10, REFERENCE)
    pit.replace(name, quantity=10, limit_price=REFERENCE + 5)
    assert pit.said() == [("new", ""), ("replaced", ""), ("trade", "10@10005")]


def test_a_replace_below_what_was_filled_is_refused_and_the_order_stands(pit: Pit) -> None:
    name = pit.buy(30, REFERENCE)
    pit.sell(20, REFERENCE, account="bob")
    pit.reports()
    pit.replace(name, quantity=20)
    assert pit.said() == [("replace_rejected", "already_filled")]
    assert pit.status(name).leaves == 10


def test_a_replaced_stop_waits_at_its_new_price(pit: Pit) -> None:
    pit.feed(bids={9_900: 100})
    name = pit.sell(10, type="stop", stop_price=9_950)
    pit.replace(name, quantity=10, stop_price=9_940)
    pit.market.printed(9_945, 1, buy=False)
    assert pit.said() == [("new", ""), ("replaced", "")]
    pit.market.printed(9_940, 1, buy=False)
    assert pit.said() == [("trade", "10@9900")]


def test_a_status_is_answered_without_a_number(pit: Pit) -> None:
    name = pit.buy(10, REFERENCE)
    before = pit.record.number
    answer = pit.status(name)
    assert (answer.number, answer.exec_id, answer.status, answer.leaves) == (0, "0", "new", 10)
    assert pit.record.number == before


def test_a_status_of_an_unknown_order_says_so(pit: Pit) -> None:
    assert pit.status("nothing").reason == "unknown_order"


def test_executions_are_numbered_without_holes(pit: Pit) -> None:
    pit.feed(asks={REFERENCE: 100})
    pit.buy(10)
    pit.cancel("nothing")
    numbers = [report.number for report in pit.reports()]
    assert numbers == [1, 2, 3]
