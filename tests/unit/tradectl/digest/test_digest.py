"""What goes into a digest, and where two of them differ."""

from pathlib import Path
from typing import Any

import pytest

from tradectl.audit.snapshot import Snapshot
from tradectl.digest.differing import differing, saved
from tradectl.digest.digest import digest_of
from tradectl.digest.rows import rows
from tradectl.errors import ExitCode, TradectlError

START = 1_723_101_000_000_000
"""2024-08-08 07:10 UTC."""
ORDER = {
    "client_order_id": "k1",
    "symbol": "AAPL",
    "currency": "USD",
    "price_scale": 2,
    "quantity_scale": 0,
    "side": "buy",
    "type": "limit",
    "tif": "day",
    "quantity": 5,
    "limit_price": 20_000,
    "stop_price": None,
    "status": "filled",
    "reason": None,
    "filled": 5,
    "value": 100_000,
    "fees": 50,
    "reserved": 0,
}


def run(*, prefix: str, created: int, price: int = 20_000) -> Snapshot:
    """One filled order, with this run's own ids and wall times."""
    user, order, fill = f"{prefix}-user", f"{prefix}-order", f"{prefix}-fill"
    execution: dict[str, Any] = {
        **dict.fromkeys(("last_quantity", "last_price", "leaves", "filled", "value", "cost", "fee"), 1),
        "cl_ord_id": f"{order}-1",
        "account": user,
        "kind": "trade",
        "status": "filled",
        "symbol": "AAPL",
        "liquidity": "taker",
        "reason": "",
        "time": START,
    }
    rest = {"order_id": order, "account_id": user}
    booked = {"price": price, "quantity": 5, "cost": 100_000, "fee": 50, "liquidity": "taker", "time": START}
    return Snapshot(
        tables={
            "auth": {
                "users": [
                    {"id": user, "email": "ann@example.com", "language": "en", "roles": "trader", "blocked": False}
                    | {"verified": created, "created": created}
                ]
            },
            "orders": {
                "orders": [{**ORDER, **rest, "created": created}],
                "history": [
                    {"order_id": order, "number": 2, "kind": "fill", "status": "filled"},
                    {"order_id": order, "number": 1, "kind": "placed", "status": "pending_new"},
                ],
                "fills": [{**rest, "fill_id": fill, "side": "buy", **booked}],
                "balances": [
                    {"account_id": user, "asset": "USD", "total": 900, "reserved": 5},
                    {"account_id": user, "asset": "AAPL", "total": 5, "reserved": 0},
                ],
            },
            "portfolio": {
                "cash": [{"account_id": user, "currency": "USD", "amount": 900}],
                "positions": [
                    {"account_id": user, "symbol": "AAPL", "currency": "USD", "quantity_scale": 0, "quantity": 5}
                    | {"cost": 100_000, "realised": 0, "realised_fifo": 0}
                ],
            },
        },
        executions=[execution],
    )


def test_ids_and_wall_times_make_no_difference() -> None:
    one, other = run(prefix="a", created=1), run(prefix="b", created=2)
    assert digest_of(rows(one)) == digest_of(rows(other))


def test_a_price_does() -> None:
    one, other = rows(run(prefix="a", created=1)), rows(run(prefix="a", created=1, price=20_001))
    assert digest_of(one).value != digest_of(other).value
    (found,) = differing(one, other)
    assert (found.kind, found.number, found.columns) == ("fill", 1, ["price"])


def test_each_kind_is_there_with_amounts_as_people_write_them() -> None:
    account, order, fill, cash, position, execution = rows(run(prefix="a", created=1))
    assert account == {
        "kind": "account",
        "account": "ann@example.com",
        "language": "en",
        "roles": "trader",
        "blocked": False,
        "verified": True,
    }
    assert (order["limit_price"], order["fees"], order["states"]) == (
        "200.00",
        "0.50",
        ["placed pending_new", "fill filled"],
    )
    assert (fill["number"], fill["price"], fill["time"]) == (1, "200.00", "2024-08-08T07:10:00.000000Z")
    assert (cash["amount"], cash["total"], cash["reserved"]) == ("9.00", "9.00", "0.05")
    assert (position["quantity"], position["cost"], position["total"]) == ("5", "1000.00", "5")
    assert (execution["client_order_id"], execution["version"], execution["report"]) == ("k1", "1", "trade")
    assert "a-" not in str([account, order, fill, cash, position, execution]), "no id of this run"


def test_rows_come_in_business_order_whatever_order_they_were_made_in() -> None:
    snapshot = run(prefix="a", created=1)
    (order,) = snapshot.tables["orders"]["orders"]
    snapshot.tables["orders"]["orders"].insert(0, {**order, "order_id": "0", "client_order_id": "k2"})
    assert [row["client_order_id"] for row in rows(snapshot) if row["kind"] == "order"] == ["k1", "k2"]


def test_what_is_missing_on_one_side_is_a_difference_and_only_the_first_of_a_kind_is_told() -> None:
    fills = [{"kind": "fill", "account": "a", "number": number} for number in range(3)]
    (found,) = differing(fills[:1], fills)
    assert (found.number, found.left, found.right, found.columns) == (2, None, fills[1], [])
    assert differing(fills, fills) == []


def test_the_digest_is_of_the_lines_that_are_shown() -> None:
    made = digest_of([{"kind": "cash", "b": 1, "a": "é"}])
    assert made.lines == ('{"a":"é","b":1,"kind":"cash"}',)
    assert (len(made.value), made.counted["cash"], made.counted["fill"]) == (64, 1, 0)


@pytest.mark.parametrize("text", ["{}", "no json", '["cash"]', '{"kind":"other"}', '{"kind":["fill"]}'])
def test_a_file_that_holds_anything_else_is_refused_with_its_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "saved.jsonl"
    file.write_text(f'{{"kind":"cash"}}\n{text}\n', encoding="utf-8")
    with pytest.raises(TradectlError, match="line 2") as caught:
        saved(file)
    assert caught.value.exit_code is ExitCode.BAD_INPUT


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TradectlError, match="cannot be read"):
        saved(tmp_path / "none")
