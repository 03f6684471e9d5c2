"""Our messages as FIX has them."""

from msgspec.structs import replace

from services.fix import tags
from services.orders.domain import changes
from services.orders.domain.changes import Dispatch
from services.orders.domain.order import Terms, of_cl_ord_id
from services.orders.gateway.requests import body_of, status_of
from tests.unit.orders.making import NOW, order


def fields(dispatch: Dispatch) -> dict[int, str]:
    return {tag: value.decode() for tag, value in body_of(dispatch).fields if isinstance(value, bytes)}


def test_a_limit_order_carries_its_terms() -> None:
    sent = fields(changes.dispatch("new", order()))
    assert sent[tags.ClOrdID] == "o1-1"
    assert (sent[tags.Side], sent[tags.OrdType], sent[tags.TimeInForce]) == ("1", "2", "0")
    assert (sent[tags.OrderQty], sent[tags.Price], sent[tags.Account]) == ("100", "200.00", "ann")
    assert tags.StopPx not in sent


def test_the_price_of_an_order_without_limit_is_the_worst_it_may_be_filled_at() -> None:
    sent = fields(changes.dispatch("new", order(type="stop", limit_price=None, stop_price="210.00", side="sell")))
    assert (sent[tags.OrdType], sent[tags.StopPx], sent[tags.Price]) == ("3", "210.00", "180.00")


def test_a_replace_carries_the_new_terms_and_both_ids() -> None:
    asked = changes.request_replace(order(), Terms(quantity=70, limit_price=19_000, worst_price=19_000), NOW)
    sent = fields(changes.dispatch("replace", asked))
    assert (sent[tags.ClOrdID], sent[tags.OrigClOrdID]) == ("o1-2", "o1-1")
    assert (sent[tags.OrderQty], sent[tags.Price]) == ("70", "190.00")


def test_a_cancel_names_the_version_that_stands_at_the_venue() -> None:
    _, dispatch = changes.request_cancel(replace(order(), version=3, working=2), NOW)
    assert dispatch is not None
    sent = fields(dispatch)
    assert (sent[tags.ClOrdID], sent[tags.OrigClOrdID]) == ("o1-4", "o1-2")


def test_a_status_is_asked_for_under_the_version_that_stands() -> None:
    body = status_of(replace(order(), version=3, working=2))
    assert dict(body.fields)[tags.ClOrdID] == b"o1-2"


def test_an_id_that_is_none_of_ours_has_no_version() -> None:
    assert of_cl_ord_id("nobody") == ("nobody", 0)
    assert of_cl_ord_id("o1-12") == ("o1", 12)
