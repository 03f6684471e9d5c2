"""Whose fault it is that a packet failed, and what its results mean."""

import pytest
from asyncmy import errors

from services.kernel.connections import LateFailure, Repeat, Terms
from services.kernel.inserts import DUPLICATE
from services.kernel.mysql.packet import NOT_ONE, ONE_ROW, Late, Packet


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


def test_a_number_of_rows_that_was_not_meant_is_what_its_terms_say() -> None:
    made = packet(Late("A", 1, Terms()), Late(f"B;{ONE_ROW}", 2, Terms(one=True)))
    with pytest.raises(LateFailure) as failure:
        made.blame(2, errors.OperationalError(NOT_ONE, "no"))
    assert isinstance(failure.value.meant, LookupError)
