"""tradectl.backup.gtids"""

from hypothesis import given
from hypothesis import strategies as st

from tradectl.backup.gtids import Gtids

OURS, OTHER = "3e11fa47-71ca-11e1-9e33-c80aa9429562", "4e11fa47-71ca-11e1-9e33-c80aa9429562"
numbers = st.sets(st.integers(1, 30))


def test_a_set_is_read_as_mysql_writes_it() -> None:
    has = Gtids(f"{OURS.upper()}:1-7:9, {OTHER}:4")
    assert has.missing({OURS: [(1, 8), (9, 10)], OTHER: [(4, 5)]}) == ""
    assert has.missing({OURS: [(1, 12)], OTHER: [(2, 5)]}) == f"{OURS}:8-8:10-11,{OTHER}:2-3"


def test_of_a_server_that_is_unknown_all_is_missing() -> None:
    assert Gtids().missing({OURS: [(1, 4)]}) == f"{OURS}:1-3"


@given(numbers, numbers)
def test_what_is_missing_is_the_difference(has: set[int], wanted: set[int]) -> None:
    found = Gtids()
    for number in has:
        found.add(OURS, number, number + 1)
    said = found.missing({OURS: [(number, number + 1) for number in sorted(wanted)]})
    left = Gtids(said)
    assert bool(said) == bool(wanted - has)
    assert left.missing({OURS: [(number, number + 1) for number in wanted - has]}) == ""


@given(st.integers(1, 9), st.integers(1, 30))
def test_transactions_one_after_the_other_are_a_range(start: int, count: int) -> None:
    found = Gtids(f"{OURS}:1-{start}")
    for number in range(start + 1, start + count + 1):
        found.add(OURS, number, number + 1)
    assert found.missing({OURS: [(1, start + count + 1)]}) == ""
    assert found.missing({OURS: [(1, start + count + 2)]}).startswith(f"{OURS}:{start + count + 1}-")
