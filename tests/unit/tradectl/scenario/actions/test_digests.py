"""A digest is the one that was meant, or what differs is told row by row."""

import json
from typing import Any

import pytest

from tradectl.digest.digest import Digest, digest_of
from tradectl.scenario.actions.digests import compared, meant
from tradectl.scenario.failures import Unmet
from tradectl.trader.failures import Failed

ROW = {"kind": "cash", "account": "ann@example.com", "currency": "USD", "amount": "5.00", "total": "5.00"}


def made(*rows: dict[str, Any]) -> Digest:
    return digest_of(rows)


def saved(found: Digest) -> dict[str, Any]:
    return {"value": found.value, "counted": found.counted, "lines": list(found.lines)}


def told(wanted: Any, found: Digest) -> list[str]:
    try:
        compared(found, meant(wanted))
    except Unmet as unmet:
        return [str(each) for each in unmet.mismatches]
    return []


def test_the_same_rows_are_the_same_digest_saved_whole_or_by_its_digits() -> None:
    assert told(saved(made(ROW)), made(ROW)) == []
    assert told(made(ROW).value, made(ROW)) == []


def test_another_digest_is_told_with_the_columns_that_differ() -> None:
    before, after = made(ROW), made({**ROW, "amount": "6.00"})
    assert told(saved(before), after) == [
        f"digest: expected '{before.value}', found '{after.value}'",
        "cash 1 (ann@example.com USD) amount: expected '5.00', found '6.00'",
    ]


def test_a_row_that_one_side_does_not_have_is_told_whole() -> None:
    position = {"kind": "position", "account": "ann@example.com", "symbol": "AAPL"}
    found = told(saved(made(ROW)), made(ROW, position))[1]
    assert found.startswith("position 1 (ann@example.com AAPL): expected nothing, found {")


def test_of_digits_alone_nothing_more_is_known() -> None:
    assert len(told("a" * 64, made(ROW))) == 1


def test_what_is_no_digest_cannot_be_meant() -> None:
    with pytest.raises(Failed, match="is no digest"):
        meant(json.loads('{"id": "1"}'))
