"""Requests become steps: what is said, what stands for ids, and what is never written."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from tradectl.scenario.load import load
from tradectl.scenario.recording.heard import Heard
from tradectl.scenario.recording.translation import Translation

ANN, BOB = "01m8m50e6ka4h99j1z8zb3h8bc", "01m8m50e6ka4h99j1z8zb3h8bd"
ORDER, OTHER = "01m8m50egjhm6yrk9dtvnda8va", "01m8m50ejx3q3bkf3xd2kyeb1r"
PASSWORD = "correct horse battery"
QUOTE = {"bid": "200.00", "ask": "200.10"}
TERMS = {"client_order_id": "mine", "symbol": "AAPL", "side": "buy", "type": "market", "quantity": "10"}


def token(subject: str) -> str:
    claims = base64.urlsafe_b64encode(json.dumps({"sub": subject}).encode()).decode().rstrip("=")
    return f"eyJhbGciOiJFZERTQSJ9.{claims}.signature"


def asked(method: str, path: str, body: Any = None, status: int = 200, answer: Any = None, **others: Any) -> Heard:
    who, key = others.pop("who", ANN), others.pop("key", None)
    headers = {"authorization": f"Bearer {token(who)}"} if who else {}
    if key:
        headers["idempotency-key"] = key
    given = b"" if body is None else json.dumps(body).encode()
    return Heard(method, path, headers=headers, body=given, status=status, answer=answer, **others)


def entering(email: str = "ann@example.org", who: str = ANN) -> list[Heard]:
    """Registration, proof of the address, log-in."""
    credentials = {"email": email, "password": PASSWORD}
    tokens = {"access_token": token(who), "refresh_token": "refresh-me-if-you-can-1", "token_type": "Bearer"}
    return [
        asked("POST", "/auth/register", {**credentials, "display_name": "Ann"}, 202, {"status": "accepted"}, who=""),
        asked("POST", "/auth/verify", {"email": email, "code": "8F3KQ2ZZ"}, 204, who=""),
        asked("POST", "/auth/login", credentials, 200, tokens, who=""),
    ]


def order(status: str, identity: str = ORDER, **others: Any) -> dict[str, Any]:
    return {"id": identity, "status": status, **TERMS, **others}


def refusal(status: int, code: str) -> dict[str, Any]:
    return {"code": code, "status": status, "detail": "no"}


def file_of(*heard: Heard) -> tuple[str, Translation]:
    made = Translation()
    for each in heard:
        made.hear(each)
    return made.file("Something that was done once.", ["a comment"]), made


def steps(*heard: Heard) -> list[Any]:
    """Those after somebody has entered, and before his books."""
    found: list[Any] = yaml.safe_load(file_of(*entering(), *heard)[0])["steps"]
    return found[2:-1]


def test_who_registers_is_an_actor_who_enters_by_steps_and_is_held_to_his_books() -> None:
    found = yaml.safe_load(file_of(*entering())[0])
    assert found["actors"] == {"ann": {"enter": False, "display_name": "Ann"}}
    assert found["steps"] == [
        {"register": {"actor": "ann"}},
        {"login": {"actor": "ann"}},
        {"expect": {"books": "ann"}},
    ]


def test_a_code_that_was_never_shown_stays_in_the_mail() -> None:
    text, _ = file_of(entering()[0])
    assert yaml.safe_load(text)["steps"] == [{"register": {"actor": "ann", "verify": False}}]


def test_no_secret_is_written_wherever_it_stood(tmp_path: Path) -> None:
    told = asked("POST", "/chat/topics", {"title": f"my password is {PASSWORD}"}, 201, {"id": OTHER})
    change = asked("PATCH", "/me", {"new_password": "a better one"}, 204)
    text, made = file_of(*entering(), told, change)
    for secret in (PASSWORD, token(ANN), "refresh-me-if-you-can-1", "8F3KQ2ZZ", "a better one"):
        assert secret not in text
    assert made.left_out == ["a call: it holds a secret", "PATCH /me: it holds a secret"]


def test_money_goes_in_and_out_by_its_own_steps() -> None:
    paid = asked("POST", "/portfolio/deposits", {"asset": "USD", "amount": "5"}, 201, {"id": OTHER}, key="a")
    back = asked("POST", "/portfolio/withdrawals", {"asset": "USD", "amount": "9"}, 201, {"id": ORDER}, key="b")
    made = Translation()
    for each in (*entering(), paid, back):
        made.hear(each)
    made.saw({"id": ORDER, "status": "declined"})
    found = yaml.safe_load(made.file("Something that was done once.", []))["steps"]
    assert found[2:4] == [
        {"deposit": {"actor": "ann", "asset": "USD", "amount": "5"}},
        {"withdraw": {"actor": "ann", "asset": "USD", "amount": "9", "status": "declined"}},
    ]


def test_the_same_key_twice_means_what_it_meant_only_as_calls() -> None:
    paid = asked("POST", "/portfolio/deposits", {"asset": "USD", "amount": "5"}, 201, {"id": OTHER}, key="a")
    found: list[Any] = yaml.safe_load(file_of(*entering(), paid, paid)[0])["steps"]
    assert [next(iter(each)) for each in found] == ["register", "login", "call", "call"]
    assert found[2]["call"]["headers"] == {"Idempotency-Key": "a"}


def test_an_order_is_placed_by_the_market_and_waits_for_what_became_of_it() -> None:
    limit = {**TERMS, "type": "limit", "tif": "gtc", "limit_price": "195.00"}
    placed = asked("POST", "/orders", limit, 201, order("pending_new"), quote=QUOTE)
    seen = asked("GET", f"/orders/{ORDER}", None, 200, order("new"))
    place = {"actor": "ann", "symbol": "AAPL", "side": "buy", "type": "limit", "tif": "gtc", "quantity": "10"}
    assert steps(placed, seen) == [
        {"place": {**place, "limit": "bid - 2.5%", "id": "mine", "status": "new"}, "as": "buy_aapl"},
        {"call": {"actor": "ann", "get": "/orders/${buy_aapl.id}"}},
    ]


def test_what_an_order_becomes_by_itself_is_waited_for() -> None:
    placed = asked("POST", "/orders", TERMS, 201, order("pending_new"))
    looks = [asked("GET", f"/orders/{ORDER}", None, 200, order(status)) for status in ("new", "filled", "filled")]
    found = steps(placed, *looks)
    assert found[0]["place"]["status"] == "new"
    assert found[2] == {"expect": {"actor": "ann", "order": "buy_aapl", "is": {"status": "filled"}}, "within": 60}


def test_a_replace_and_a_cancel_name_the_order_and_wait_each_for_its_end() -> None:
    placed = asked("POST", "/orders", TERMS, 201, order("new"))
    changed = asked("PATCH", f"/orders/{ORDER}", {"quantity": "4"}, 200, order("pending_replace"))
    ended = asked("DELETE", f"/orders/{ORDER}", None, 200, order("pending_cancel"))
    made = Translation()
    for each in (*entering(), placed, changed):
        made.hear(each)
    made.saw(order("new"))
    made.hear(ended)
    made.saw(order("cancelled"))
    found = yaml.safe_load(made.file("Something that was done once.", []))["steps"][2:5]
    assert found[1] == {"replace": {"actor": "ann", "order": "buy_aapl", "quantity": "4", "status": "new"}}
    assert found[2] == {"cancel": {"actor": "ann", "order": "buy_aapl", "status": "cancelled"}}


def test_a_refusal_is_expected_by_its_code_and_keeps_its_price() -> None:
    wrong = {**TERMS, "type": "limit", "limit_price": "195.001"}
    (found,) = steps(asked("POST", "/orders", wrong, 422, refusal(422, "off_tick"), quote=QUOTE))
    assert found["place"]["refused"] == "off_tick"
    assert found["place"]["limit"] == "195.001"


def test_what_no_step_can_say_is_a_call() -> None:
    odd = asked("POST", "/orders", {"symbol": "AAPL"}, 422, refusal(422, "invalid"))
    number = asked("POST", "/alerts", {"symbol": "AAPL", "threshold": 1.5}, 422, refusal(422, "invalid"))
    assert steps(odd, number) == [
        {
            "call": {
                "actor": "ann",
                "post": "/orders",
                "body": {"symbol": "AAPL"},
                "status": 422,
                "is": {"code": "invalid"},
            }
        },
        {
            "call": {
                "actor": "ann",
                "post": "/alerts",
                "raw": '{"symbol": "AAPL", "threshold": 1.5}',
                "status": 422,
                "is": {"code": "invalid"},
            }
        },
    ]


def test_ids_go_by_the_step_that_showed_them_and_lists_are_waited_for() -> None:
    topics = asked("GET", "/chat/topics", None, 200, {"items": [{"id": OTHER}]}, query="limit=5")
    said = asked("POST", f"/chat/topics/{OTHER}/messages", {"text": f"{ANN} ann@example.org"}, 201, {})
    assert steps(topics, said) == [
        {
            "expect": {"page": "/chat/topics?limit=5", "actor": "ann", "is": {"items[0].id": {"exists": True}}},
            "as": "call",
        },
        {
            "call": {
                "actor": "ann",
                "post": "/chat/topics/${call.items[0].id}/messages",
                "body": {"text": "${ann.id} ${ann.email}"},
            }
        },
    ]


def test_the_next_page_begins_where_the_one_before_says() -> None:
    first = asked("GET", "/portfolio/ledger", None, 200, {"items": [], "next": "MTI="}, query="limit=1")
    after = asked("GET", "/portfolio/ledger", None, 200, {"items": [], "next": None}, query="limit=1&cursor=MTI%3D")
    found = steps(first, after)
    assert found[0]["expect"]["is"] == {"next": {"exists": True}}
    assert found[1]["call"]["query"] == {"limit": "1", "cursor": "${call.next}"}


def test_of_a_page_that_is_read_again_and_again_the_last_time_stays() -> None:
    looks = [asked("GET", "/portfolio", None, 200, {"cash": []})] * 3
    assert steps(*looks, asked("GET", "/orders", None, 200, {"items": []}), looks[0]) == [
        {"call": {"actor": "ann", "get": "/orders"}},
        {"call": {"actor": "ann", "get": "/portfolio"}},
    ]


@pytest.mark.parametrize(
    ("heard", "why"),
    [
        (asked("POST", "/auth/refresh", {"refresh_token": "x"}, who=""), "tokens are a client's own business"),
        (asked("GET", "/portfolio", None, 429, refusal(429, "too_many_requests")), "it was answered 429, by chance"),
        (asked("DELETE", f"/orders/{OTHER}", None, 200, order("new")), "its order is of before the recording"),
        (asked("POST", "/chat/topics", {"title": "${home}"}, 201), "it holds what would be a template"),
        (asked("GET", "/portfolio", None, 401, refusal(401, "unauthenticated")), "its token was not good any more"),
    ],
)
def test_what_cannot_be_done_again_is_left_out_and_said(heard: Heard, why: str) -> None:
    text, made = file_of(*entering(), heard)
    assert [each.partition(": ")[2] for each in made.left_out] == [why]
    assert f"{why}\n" in text


def test_who_was_there_before_is_introduced_with_what_he_has() -> None:
    made = Translation()
    me = {"email": "bob@example.org", "display_name": "Bob", "language": "ru", "roles": ["trader", "moderator"]}
    owned = {"cash": [{"currency": "USD", "total": "7.00"}], "positions": [{"symbol": "IBM", "quantity": "0"}]}
    made.cast.introduce(token(BOB), me, owned)
    made.hear(asked("GET", "/me", None, 200, me, who=BOB))
    found = yaml.safe_load(made.file("Something that was done once.", []))
    terms = {"display_name": "Bob", "language": "ru", "roles": ["moderator"], "deposit": {"USD": "7.00"}}
    assert found["actors"] == {"bob": terms}


def test_two_who_are_called_the_same_have_names_of_their_own() -> None:
    text, _ = file_of(*entering(), *entering("ann@example.net", BOB))
    assert list(yaml.safe_load(text)["actors"]) == ["ann", "ann_2"]


def test_what_is_written_is_a_scenario(tmp_path: Path) -> None:
    placed = asked("POST", "/orders", TERMS, 201, order("filled"))
    ended = asked("DELETE", "/orders", None, 200, {"cancelled": 0}, query="symbol=AAPL")
    text, _ = file_of(*entering(), placed, ended, asked("GET", "/portfolio", None, 401, refusal(401, "x"), who=""))
    file = tmp_path / "recorded.yaml"
    file.write_text(text, encoding="utf-8")
    assert [each.step.action for each in load(file).steps] == ["register", "login", "place", "cancel", "call", "expect"]
