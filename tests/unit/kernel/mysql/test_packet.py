"""Whose fault it is that a packet failed, and what its results mean."""

from types import SimpleNamespace

import pytest
from asyncmy import errors

from services.kernel.connections import LateFailure, Repeat, Terms
from services.kernel.inserts import DUPLICATE
from services.kernel.mysql.packet import Late, Packet


def found(rows: int) -> SimpleNamespace:
    return SimpleNamespace(rows=[()] * rows, affected_rows=0)


def changed(rows: int) -> SimpleNamespace:
    return SimpleNamespace(rows=None, affected_rows=rows)


def packet(*late: Late) -> Packet:
    made = Packet()
    for each in late:
        made.add(each)
    return made.with_all(["ASKED"])


def test_what_was_put_off_comes_before_what_is_asked() -> None:
    made = packet(Late("A;B", 2, Terms()), Late("C", 1, Terms()))
    assert made.text == "A;B;C;ASKED"
    assert made.unasked == 3


def test_what_was_asked_is_to_blame_when_all_before_it_were_answered() -> None:
    error, made = errors.ProgrammingError(1064, "no"), packet(Late("A;B", 2, Terms()))
    with pytest.raises(LateFailure):
        made.blame(1, error)
    made.blame(2, error)


def test_what_was_put_off_is_to_blame_for_its_own_failure() -> None:
    error = errors.IntegrityError(DUPLICATE, "no")
    with pytest.raises(LateFailure) as failure:
        packet(Late("A;B", 2, Terms()), Late("C", 1, Terms())).blame(2, error)
    assert failure.value.meant is error


def test_a_duplicate_among_rivals_begins_anew() -> None:
    made = packet(Late("A", 1, Terms()), Late("B", 1, Terms(rivals=True)))
    with pytest.raises(Repeat):
        made.blame(1, errors.IntegrityError(DUPLICATE, "no"))
    with pytest.raises(LateFailure):
        made.blame(1, errors.ProgrammingError(1064, "no"))


@pytest.mark.parametrize("results", [[changed(1), changed(1)], [found(2), changed(0)]])
def test_terms_count_the_rows_of_all_their_results(results: list[SimpleNamespace]) -> None:
    packet(Late("A;B", 2, Terms(rows=2))).check([*results, changed(0)])
    with pytest.raises(LateFailure) as failure:
        packet(Late("A;B", 2, Terms(rows=3))).check([*results, changed(0)])
    assert isinstance(failure.value.meant, LookupError)
