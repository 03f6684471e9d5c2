from decimal import Decimal

import pytest

from tradectl.tui import words
from tradectl.tui.figures import number, percent


@pytest.mark.parametrize(("language", "written"), [("en", "61,837.63"), ("ru", "61\u202f837.63")])
def test_only_the_grouping_differs_between_the_languages(language: str, written: str) -> None:
    words.use(language)
    assert number(Decimal("61837.63")) == written
    words.use("en")


def test_a_number_has_the_places_that_it_has_or_as_many_as_are_asked_for() -> None:
    words.use("en")
    assert number(Decimal("0.00100")) == "0.00100"
    assert number(Decimal("1234.5"), 2, sign=True) == "+1,234.50"


def test_nothing_is_a_dash() -> None:
    assert number(None) == percent(None) == "–"


def test_a_part_is_written_in_per_cent_with_its_sign() -> None:
    words.use("en")
    assert percent(Decimal("-0.0125")) == "-1.25 %"
