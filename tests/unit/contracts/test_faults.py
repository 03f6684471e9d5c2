"""The table of faults, and what fits its kinds."""

import pytest

from services.contracts.faults import KINDS, UnfitError


def test_there_are_at_least_thirty_kinds_and_each_says_what_it_does() -> None:
    assert len(KINDS) >= 30
    assert all(kind.does.endswith(".") and name == kind.name for name, kind in KINDS.items())


def test_each_default_fits_its_own_range() -> None:
    for kind in KINDS.values():
        for parameter in kind.parameters:
            if parameter.default is not None:
                assert parameter.fitting(parameter.default) == parameter.default


def test_what_is_not_given_is_the_default() -> None:
    assert KINDS["fix.wrong_number"].fitting({"percent": "3"}) == {"percent": 3.0, "offset": 2.0}


@pytest.mark.parametrize(
    ("kind", "given", "said"),
    [
        ("fix.gap", {"percent": 101}, "not within"),
        ("fix.gap", {"ms": 1}, "has no parameter ms"),
        ("fix.gap", {"percent": "nan"}, "not within"),
        ("service.slow", {}, "needs service"),
    ],
)
def test_what_does_not_fit_is_named(kind: str, given: dict[str, object], said: str) -> None:
    with pytest.raises(UnfitError, match=said):
        KINDS[kind].fitting(given)
