"""Hashing: what is the same password, and that strangers cost as much as friends."""

from collections.abc import Iterator
from time import perf_counter

import pytest

from services.auth.handlers import passwords as module
from services.auth.handlers.passwords import Passwords
from services.contracts.errors import DomainError
from services.kernel.settings import Auth


@pytest.fixture
def passwords() -> Iterator[Passwords]:
    made = Passwords(Auth(argon2_memory=64, argon2_passes=1))
    yield made
    made.close()


async def test_a_hash_is_argon2id_with_the_settings(passwords: Passwords) -> None:
    assert (await passwords.hash("correct horse")).startswith("$argon2id$v=19$m=64,t=1,p=1$")


async def test_the_right_password_is_right_and_a_wrong_one_is_not(passwords: Passwords) -> None:
    stored = await passwords.hash("correct horse")
    assert await passwords.check(stored, "correct horse")
    assert not await passwords.check(stored, "correct horsf")
    assert not await passwords.check("not a hash", "correct horse")


async def test_two_spellings_that_look_the_same_are_one_password(passwords: Passwords) -> None:
    assert await passwords.check(await passwords.hash("café crème"), "cafe\u0301 cre\u0300me")


async def test_an_unknown_address_costs_a_whole_check() -> None:
    slow = Passwords(Auth())
    stored = await slow.hash("correct horse")
    await slow.check(None, "correct horse")
    started = perf_counter()
    assert not await slow.check(None, "correct horse")
    unknown = perf_counter() - started
    started = perf_counter()
    await slow.check(stored, "wrong horse")
    assert unknown > (perf_counter() - started) / 5
    slow.close()


async def test_too_many_at_once_are_refused(passwords: Passwords, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_WAITING", 0)
    with pytest.raises(DomainError, match="too many"):
        await passwords.hash("correct horse")
