"""What may be watched."""

import pytest

from services.auth.domain.watchlists import check
from services.contracts.errors import DomainError

KNOWN = {"AAPL", "IBM", "BTCUSDT"}


@pytest.mark.parametrize("symbols", [[], ["IBM"], ["IBM", "AAPL"]])
def test_known_symbols_may_be_watched_in_any_order(symbols: list[str]) -> None:
    check(symbols, KNOWN, 2)


@pytest.mark.parametrize(
    ("symbols", "code", "field"),
    [
        (["IBM", "AAPL", "BTCUSDT"], "too_many_symbols", "symbols"),
        (["IBM", "IBM"], "duplicate_symbol", "symbols.1"),
        (["IBM", "ibm"], "unknown_symbol", "symbols.1"),
    ],
)
def test_what_is_wrong_is_named_by_its_place(symbols: list[str], code: str, field: str) -> None:
    with pytest.raises(DomainError) as refused:
        check(symbols, KNOWN, 2)
    assert (refused.value.status, refused.value.code, refused.value.field) == (422, code, field)
