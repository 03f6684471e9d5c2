"""The page of benchmarks: one line a figure, each with the day on which it was measured."""

from datetime import date

from tests.bench.figures import figure
from tests.bench.page import with_table

EMPTY = "before\n<!-- table: begin -->\n\n<!-- table: end -->\nafter\n"
FIRST, SECOND = date(2026, 11, 24), date(2026, 11, 30)


def page() -> str:
    rows = [figure("up", [1.0, 2.0, 3.0], 2.5, "low", " s"), figure("orders", [80.0], 90, "high")]
    return with_table(EMPTY, rows, FIRST)


def test_a_page_gets_a_line_for_each_figure_between_its_marks() -> None:
    assert page() == (
        "before\n<!-- table: begin -->\n\n"
        "| figure | measured (range) | reach | holds | on |\n|---|---|---|---|---|\n"
        "| up | 2.00 (1.00 to 3.00) | ≤ 2.5 s | yes | 2026-11-24 |\n"
        "| orders | 80.00 (80.00 to 80.00) | ≥ 90 | **no** | 2026-11-24 |\n"
        "\n<!-- table: end -->\nafter\n"
    )


def test_a_figure_that_was_measured_anew_takes_its_old_place_and_the_others_keep_their_day() -> None:
    anew = with_table(page(), [figure("up", [1.5], 2.5, "low", " s")], SECOND)
    assert "| up | 1.50 (1.50 to 1.50) | ≤ 2.5 s | yes | 2026-11-30 |\n| orders | 80.00" in anew
    assert anew.count("2026-11-24") == 1


def test_a_figure_that_the_page_did_not_know_comes_last() -> None:
    assert page().replace(
        "\n\n<!-- table: end", "\n| new | 1.00 (1.00 to 1.00) | ≤ 2 | yes | 2026-11-30 |\n\n<!-- table: end"
    ) == (with_table(page(), [figure("new", [1.0], 2, "low")], SECOND))
