"""Which orders the portfolio is told of again."""

from typing import Any

import msgspec
import pytest

from services.contracts.orders import Standing
from tradectl.audit import recovering
from tradectl.audit.recovering import behind, recover
from tradectl.audit.snapshot import Snapshot, Sources
from tradectl.probes import http

ORDER = {
    "order_id": "o1",
    "account_id": "ann",
    "client_order_id": "mine",
    "symbol": "AAPL",
    "currency": "USD",
    "price_scale": 2,
    "quantity_scale": 0,
    "side": "buy",
    "type": "limit",
    "tif": "day",
    "quantity": 10,
    "status": "filled",
    "filled": 10,
    "reserved": 0,
    "fingerprint": "of no event",
}
FILL = {
    "fill_id": "f1",
    "order_id": "o1",
    "account_id": "ann",
    "symbol": "AAPL",
    "currency": "USD",
    "side": "buy",
    "price": 100,
    "quantity": 10,
    "cost": 1_000,
    "fee": 1,
    "liquidity": "taker",
    "time": 7,
    "reverses": None,
}


def snapshot(trades: list[str], *, seen: int = 4, sent: int = 4, reserved: int = 0) -> Snapshot:
    booked = [{"fill_id": each} for each in trades]
    kept = [{"order_id": "o1", "amount": reserved}] if reserved else []
    return Snapshot(
        tables={
            "orders": {"orders": [ORDER], "fills": [FILL]},
            "portfolio": {"trades": booked, "reservations": kept},
        },
        sent={"orders": {"o1": sent} if sent else {}},
        seen={"portfolio": {"orders:o1": seen}},
    )


def test_an_order_that_is_booked_whole_is_not_told_again() -> None:
    assert not list(behind(snapshot(["f1"])))


@pytest.mark.parametrize("lost", [snapshot([]), snapshot(["f1"], seen=3), snapshot(["f1"], reserved=5)])
def test_an_order_that_misses_a_fill_an_event_or_a_release_is_told_as_it_stands(lost: Snapshot) -> None:
    (told,) = behind(lost)
    standing = msgspec.convert(told, Standing)
    assert (standing.order.order_id, standing.sent, standing.order.status) == ("o1", 4, "filled")
    assert [(each.fill_id, each.price_scale, each.quantity) for each in standing.fills] == [("f1", 2, 10)]


def test_an_order_that_was_never_told_of_is_none_that_was_lost() -> None:
    assert not list(behind(snapshot([], sent=0)))


def test_orders_are_told_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    many = snapshot([])
    many.tables["orders"]["orders"] = [{**ORDER, "order_id": f"o{number}"} for number in range(45)]
    many.sent["orders"] = {f"o{number}": 1 for number in range(45)}
    sizes: list[int] = []

    def answer(_: str, url: str, *, body: list[Any], headers: dict[str, str], timeout: float) -> http.Answer:
        assert (url, headers["X-Internal-Key"], timeout) == ("http://p/internal/recover", "key", 30)
        sizes.append(len(body))
        return http.Answer(200, {}, b'{"booked": ["f1"]}')

    monkeypatch.setattr(http, "request", answer)
    monkeypatch.setattr(Sources, "read_rows", lambda *_: many)
    assert recover(Sources({"portfolio.http": "http://p"}, "key", "")) == ["f1"] * 3
    assert sizes == [recovering.AT_ONCE, recovering.AT_ONCE, 5]
