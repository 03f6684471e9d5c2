from decimal import Decimal

from tradectl.tui.widgets.depth import depth_of, middle_of, step_for

BIDS = {Decimal("99.98"): Decimal(5), Decimal("99.97"): Decimal(2), Decimal("99.91"): Decimal(1)}
ASKS = {Decimal("100.00"): Decimal(4), Decimal("100.03"): Decimal(3)}


def test_bids_are_rounded_down_and_asks_up() -> None:
    depth = depth_of(BIDS, ASKS, Decimal("0.05"), [Decimal("100.10"), Decimal("99.80")])
    assert depth.bids == {Decimal("99.95"): Decimal(7), Decimal("99.90"): Decimal(1)}
    assert depth.asks == {Decimal("100.00"): Decimal(4), Decimal("100.05"): Decimal(3)}


def test_only_rows_in_sight_are_summed() -> None:
    assert depth_of(BIDS, ASKS, Decimal("0.01"), [Decimal("100.03"), Decimal("99.98")]).bids == {
        Decimal("99.98"): Decimal(5),
        Decimal("99.97"): Decimal(2),
    }


def test_the_middle_lies_between_the_best_two() -> None:
    assert middle_of(BIDS, ASKS, Decimal("0.01")) == Decimal("99.99")
    assert middle_of(BIDS, {}, Decimal("0.01")) == Decimal("99.98")
    assert middle_of({}, {}, Decimal("0.01")) is None


def test_a_sparse_book_has_larger_steps() -> None:
    wide = {Decimal(100 - each): Decimal(1) for each in range(1, 20)}
    above = {Decimal(100 + each): Decimal(1) for each in range(1, 20)}
    assert step_for(wide, above, Decimal("0.01"), 20) == 1
    assert step_for(BIDS, ASKS, Decimal("0.01"), 40) == Decimal("0.01")
    assert step_for({}, {}, Decimal("0.01"), 40) == Decimal("0.01")
