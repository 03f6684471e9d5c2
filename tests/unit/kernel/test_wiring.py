import pytest

from services.contracts.events import market_data, orders, portfolio
from services.contracts.manifest import ServiceManifest
from services.kernel.consumer import Handlers
from services.kernel.service import consumers_of
from services.kernel.wiring import agree, complete
from services.portfolio.manifest import MANIFEST as PORTFOLIO
from services.runtime.resources import Resources


async def handle(*_: object) -> None:
    """Does nothing with an event."""


def manifest(**parts: object) -> ServiceManifest:
    return ServiceManifest(name="test", title="Test", entry="nowhere:run", **parts)  # type: ignore[arg-type]


def test_handlers_of_exactly_the_manifests_events_are_accepted_and_any_other_is_named() -> None:
    handlers: Handlers = {orders.OrderPlaced: handle}
    agree(manifest(consumes=(orders.OrderPlaced,)), handlers, None)
    with pytest.raises(ValueError, match="order_placed"):
        agree(manifest(consumes=(orders.OrderPlaced,)), {}, None)
    with pytest.raises(ValueError, match="order_filled"):
        agree(manifest(), {orders.OrderFilled: handle}, None)


def test_live_events_need_someone_to_take_them() -> None:
    with pytest.raises(ValueError, match="live"):
        agree(manifest(live=(orders.OrderPlaced,)), {}, None)
    with pytest.raises(ValueError, match="live"):
        agree(manifest(), {}, handle)


def test_only_aggregates_whose_every_event_is_consumed_can_be_held_to_their_order() -> None:
    assert complete((market_data.InstrumentListed, portfolio.CashDeposited)) == (portfolio.CashDeposited,)
    assert orders.OrderEvent in complete(PORTFOLIO.consumes)


def test_a_service_is_told_which_queues_want_its_events() -> None:
    publishes = manifest(publishes=(orders.OrderPlaced, orders.OrderFilled))
    told = Resources(name="test", options={"consumers": '{"order_filled": ["portfolio", "notifications"]}'})
    assert consumers_of(publishes, told) == {orders.OrderFilled: ["portfolio", "notifications"]}
    assert consumers_of(publishes, Resources(name="test")) == {}
