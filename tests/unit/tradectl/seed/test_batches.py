"""What a seed is cut into."""

import json

import msgspec
from argon2 import PasswordHasher

from services.contracts.seeding import Batch, account_id, first_deposit, seeded_id
from tradectl.seed.run import ORDERS, hashed_once, newcomers, of_orders, people, tenths

MOST = 64 * 1024
"""Bytes of a body."""


def test_people_are_the_same_however_they_are_cut() -> None:
    assert newcomers(7, 0, 6) == [*newcomers(7, 0, 2), *newcomers(7, 2, 4)]
    assert newcomers(7, 0, 3) != newcomers(8, 0, 3)


def test_batches_hold_everybody_once_and_fit_into_a_body() -> None:
    batches = list(people(1, 400))
    assert [batch.first for batch in batches] == [0, 150, 300]
    assert sum(len(batch.people) for batch in batches) == 400
    assert all(len(json.dumps(msgspec.to_builtins(batch))) < MOST for batch in batches)


def test_orders_are_cut_to_their_number() -> None:
    assert [(batch.first, batch.orders) for batch in of_orders(1, 10, ORDERS + 5)] == [(0, ORDERS), (ORDERS, 5)]


def test_a_batch_is_the_same_after_its_way_as_json() -> None:
    batch = next(people(1, 3))
    assert msgspec.json.decode(msgspec.json.encode(batch), type=Batch) == batch


def test_a_password_is_sent_as_what_auth_checks_it_by() -> None:
    hashed = hashed_once("ﬁve ﬁshes swim")  # ligatures: auth spells them out before it checks
    assert PasswordHasher().verify(hashed, "five fishes swim")
    assert "m=19456,t=2,p=1" in hashed


def test_ids_are_unlike_each_other_and_in_the_order_of_their_numbers() -> None:
    ids = [account_id(1, number) for number in range(1_000)]
    assert ids == sorted(set(ids))
    assert {len(each) for each in ids} == {26}
    assert seeded_id("order", 1, 5) != seeded_id("user", 1, 5)
    assert first_deposit(1, 5) == first_deposit(1, 5)


def test_tenths_are_told_when_they_are_reached() -> None:
    assert [tenths(done, 40) for done in (0, 3, 4, 39, 40)] == [0, 0, 1, 9, 10]
