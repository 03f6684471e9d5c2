"""Identifiers order by time and do not repeat."""

from services.contracts.ids import LENGTH, new_id


def test_ids_are_unique_and_of_one_length() -> None:
    made = [new_id() for _ in range(1_000)]
    assert len(set(made)) == len(made)
    assert {len(one) for one in made} == {LENGTH}


def test_an_id_made_later_sorts_later() -> None:
    first = new_id()
    ids = [new_id() for _ in range(5_000)]
    assert first[:10] <= ids[-1][:10]
