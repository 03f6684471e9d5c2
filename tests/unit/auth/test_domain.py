"""Codes, addresses and powers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.auth.domain import (
    CODE_ALPHABET,
    ROLES,
    STAFF,
    Change,
    User,
    check_change,
    check_may_log_in,
    code_digest,
    new_code,
    new_refresh_token,
    normalised,
    ordered,
)
from services.contracts.errors import DomainError


def user(id: str = "u", *roles: str, blocked: bool = False, verified: int | None = 1) -> User:
    return User(
        id=id,
        email=f"{id}@example.org",
        display_name=id,
        language="en",
        time_zone="UTC",
        roles=frozenset(roles or ("trader",)),
        blocked=blocked,
        verified=verified,
        created=0,
    )


def test_two_spellings_of_an_address_are_one() -> None:
    assert normalised(" Ann@Example.ORG ") == normalised("ann@example.org")


def test_a_code_is_ten_letters_in_two_groups() -> None:
    left, right = new_code().split("-")
    assert len(left) == len(right) == 5
    assert set(left + right) <= set(CODE_ALPHABET)


def test_no_two_codes_and_no_two_tokens_are_the_same() -> None:
    assert len({new_code() for _ in range(1_000)}) == 1_000
    assert len({new_refresh_token() for _ in range(1_000)}) == 1_000


@given(st.text(CODE_ALPHABET, min_size=10, max_size=10))
def test_how_a_code_is_typed_does_not_matter(code: str) -> None:
    typed = f" {code[:5].lower()}-{code[5:]}".replace("0", "o").replace("1", "l")
    assert code_digest(typed) == code_digest(code)


def test_a_code_that_differs_in_one_letter_is_another() -> None:
    assert code_digest("7K3QF-9M2XA") != code_digest("7K3QF-9M2XB")


def test_roles_are_ordered_by_power() -> None:
    assert ordered({"admin", "trader", "support"}) == ("trader", "support", "admin")


@pytest.mark.parametrize(("account", "code"), [(user(verified=None), "not_verified"), (user(blocked=True), "blocked")])
def test_who_has_no_access_is_told_why(account: User, code: str) -> None:
    with pytest.raises(DomainError) as refused:
        check_may_log_in(account)
    assert (refused.value.code, refused.value.status) == (code, 403)


@given(st.sampled_from(ROLES), st.sampled_from(ROLES), st.booleans())
def test_only_admins_give_roles_and_only_staff_blocks(actor: str, target: str, gives_roles: bool) -> None:
    change = Change(roles=frozenset({"admin"})) if gives_roles else Change(blocked=True)
    allowed = actor == "admin" or (actor == "support" and not gives_roles and target not in STAFF)
    if allowed:
        check_change(user("a", actor), user("b", target), change)
        return
    with pytest.raises(DomainError) as refused:
        check_change(user("a", actor), user("b", target), change)
    assert refused.value.status == 403


def test_nobody_changes_his_own_account() -> None:
    with pytest.raises(DomainError, match="another admin"):
        check_change(user("a", "admin"), user("a", "admin"), Change(roles=frozenset({"trader"})))


def test_a_blocked_admin_changes_nothing() -> None:
    with pytest.raises(DomainError, match="admin or support"):
        check_change(user("a", "admin", blocked=True), user("b"), Change(blocked=True))


def test_a_change_leaves_what_it_does_not_name() -> None:
    before = user("a", "trader")
    assert Change().applied_to(before) == before
    assert Change(blocked=True).applied_to(before).roles == before.roles


def test_a_profile_says_what_others_keep() -> None:
    profile = user("a", "support", "trader").profile()
    assert (profile.user_id, profile.roles, profile.blocked) == ("a", ("trader", "support"), False)
