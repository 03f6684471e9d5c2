import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from services.kernel import security
from services.kernel.peers import Peer
from services.kernel.security import Principal, Unauthenticated, Verifier, bearer, issue, jwk

KEY = Ed25519PrivateKey.generate()
TRADER = Principal("u1", "s1", frozenset({"trader"}))


class Auth(Peer):
    """The auth service's JWKS, without the service."""

    def __init__(self, **keys: Ed25519PrivateKey) -> None:
        super().__init__("asgi://auth")
        self.keys = keys
        self.asked = 0

    async def json(self, *_: Any, **__: Any) -> Any:
        self.asked += 1
        return {"keys": [jwk(key.public_key(), kid) for kid, key in self.keys.items()]}


def token(lifetime: int = 60, key: Ed25519PrivateKey = KEY, kid: str = "k1") -> str:
    return issue(key, kid, TRADER, lifetime)


def forged(**changes: Any) -> str:
    claims = jwt.decode(token(), options={"verify_signature": False}) | changes
    claims = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(claims, KEY, algorithm="EdDSA", headers={"kid": "k1"})


async def test_a_token_says_whose_it_is() -> None:
    assert await Verifier(Auth(k1=KEY)).verify(token()) == TRADER


async def test_the_keys_are_fetched_once_and_a_checked_token_is_not_checked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    auth = Auth(k1=KEY)
    verifier = Verifier(auth)
    good = token()
    await verifier.verify(good)
    monkeypatch.setattr(jwt, "decode", None)
    assert await verifier.verify(good) == TRADER
    assert auth.asked == 1


async def test_a_token_that_was_good_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = Verifier(Auth(k1=KEY))
    good = token(lifetime=60)
    await verifier.verify(good)
    later = time.time() + 61
    monkeypatch.setattr(time, "time", lambda: later)
    with pytest.raises(Unauthenticated, match="expired"):
        await verifier.verify(good)


async def test_the_tokens_of_a_revoked_session_are_refused_at_once() -> None:
    verifier = Verifier(Auth(k1=KEY))
    good = token()
    await verifier.verify(good)
    verifier.revoke(["s1"])
    for each in (good, token()):
        with pytest.raises(Unauthenticated, match="session"):
            await verifier.verify(each)


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "nonsense",
        "a.b.c",
        token(lifetime=-1),
        token(key=Ed25519PrivateKey.generate()),
        forged(iss="someone"),
        forged(aud="elsewhere"),
        forged(sid=None),
        forged(exp=None),
        jwt.encode({"sub": "u1"}, "", algorithm="none"),
        jwt.encode({"sub": "u1"}, "x" * 32, algorithm="HS256", headers={"kid": "k1"}),
    ],
)
async def test_a_token_that_is_not_as_auth_makes_them_is_refused(bad: str) -> None:
    with pytest.raises(Unauthenticated):
        await Verifier(Auth(k1=KEY)).verify(bad)


async def test_a_new_key_is_learnt_when_its_first_token_comes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "REFRESH_AFTER", 0.0)
    auth = Auth(k1=KEY)
    verifier = Verifier(auth)
    await verifier.verify(token())
    auth.keys["k2"] = rotated = Ed25519PrivateKey.generate()
    assert await verifier.verify(token(key=rotated, kid="k2")) == TRADER


async def test_made_up_keys_do_not_make_it_ask_again_and_again() -> None:
    auth = Auth(k1=KEY)
    verifier = Verifier(auth)
    for number in range(50):
        with pytest.raises(Unauthenticated):
            await verifier.verify(token(kid=f"made up {number}"))
    assert auth.asked == 1


async def test_what_is_remembered_has_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(security, "KEPT", 3)
    verifier = Verifier(Auth(k1=KEY))
    for seconds in range(60, 70):
        await verifier.verify(token(lifetime=seconds))
    verifier.revoke(str(number) for number in range(10))
    assert len(verifier._verified) == len(verifier._revoked) == 3


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic dTpw", "token"])
def test_a_header_without_a_bearer_token_is_refused(header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        bearer(header)


def test_the_scheme_may_be_written_in_any_case() -> None:
    assert bearer("bearer abc") == "abc"


def test_the_public_half_alone_is_published() -> None:
    assert "d" not in jwk(KEY.public_key(), "k1")
