import asyncio

import pytest

from services.contracts.times import from_rfc3339
from services.runtime.trace import TRACEPARENT
from tests.unit.tradectl.desk.wires import DOOR, TOKENS, CannedWire, refusing, wire
from tradectl.desk.account import Profile
from tradectl.desk.client import Client
from tradectl.desk.failures import Refused, SignedOut, Unknown, Unreachable
from tradectl.stack.logs import Line
from tradectl.telemetry.acts import Acts


async def client(answering: CannedWire) -> Client:
    made = Client(DOOR, answering)
    await made.sign_in("ann@example.org", "correct horse battery")
    return made


async def test_a_token_that_has_ended_is_renewed_once_for_all_who_notice() -> None:
    answering = wire()
    made = await client(answering)

    def only_second(_: object) -> object:
        _, _, headers = answering.asked[-1]
        return (
            answering.answers["me"] if headers["Authorization"] == "Bearer second" else refusing(401, "unauthenticated")
        )

    answering.answers |= {"me": answering.answers["GET /me"], "GET /me": only_second}
    profiles = await asyncio.gather(*(made.get("/me", Profile) for _ in range(3)))
    assert [profile.email for profile in profiles] == ["ann@example.org"] * 3
    assert [asked for asked, _, _ in answering.asked].count("POST /auth/refresh") == 1


async def test_a_refresh_token_that_is_no_longer_good_ends_the_session() -> None:
    answering = wire()
    made = await client(answering)
    answering.answers |= {
        "GET /me": refusing(401, "unauthenticated"),
        "POST /auth/refresh": refusing(401, "invalid_refresh_token"),
    }
    with pytest.raises(SignedOut):
        await made.get("/me", Profile)


async def test_a_refusal_has_its_code_and_its_field() -> None:
    answering = wire()
    answering.answers["POST /orders"] = refusing(422, "off_tick", "limit_price")
    made = await client(answering)
    with pytest.raises(Refused) as caught:
        await made.ask("POST", "/orders", body={})
    assert (caught.value.code, caught.value.field) == ("off_tick", "limit_price")


async def test_a_write_that_was_not_answered_in_time_may_have_been_done() -> None:
    answering = wire()
    answering.answers["POST /orders"] = refusing(504, "outcome_unknown")
    made = await client(answering)
    with pytest.raises(Unknown):
        await made.ask("POST", "/orders", body={})


async def test_a_token_is_renewed_before_it_ends() -> None:
    answering = wire()
    answering.answers["POST /auth/login"] = {**TOKENS, "expires_in": 900}
    made = await client(answering)
    before = made.renew_at
    await made.renew(made.token)
    assert made.token == "second"
    assert made.renew_at >= before


async def test_the_password_is_in_the_body_and_the_token_in_the_header_alone() -> None:
    answering = wire()
    made = await client(answering)
    await made.get("/me", Profile)
    (login, body, headers), (_, _, later) = answering.asked[0], answering.asked[-1]
    assert login == "POST /auth/login"
    assert body["password"] == "correct horse battery"
    assert "Authorization" not in headers
    assert later["Authorization"] == "Bearer first"


async def test_a_click_is_the_first_span_of_what_comes_of_it_with_all_its_tries() -> None:
    answering = wire()
    told: list[Line] = []
    answers = iter([refusing(504, "outcome_unknown"), {"id": "o1"}])
    answering.answers["POST /orders"] = lambda _: next(answers)
    made = Client(DOOR, answering, Acts(told.append))
    await made.ask("POST", "/orders", body={}, tries=2)
    (click,) = told
    assert (click["service"], click["event"], click["kind"]) == ("tradectl", "click", "POST /orders")
    assert (click["status"], click["level"], click["parent_id"]) == (200, "info", None)
    assert click["ms"] >= 0
    assert from_rfc3339(click["time"])
    sent = [TRACEPARENT.fullmatch(headers["traceparent"]) for _, _, headers in answering.asked]
    assert [each and (each[1], each[2]) for each in sent] == [(click["trace_id"], click["span_id"])] * 2


async def test_a_click_that_nobody_answers_says_so() -> None:
    answering = wire()
    told: list[Line] = []

    def unreachable(_: object) -> object:
        raise Unreachable("POST /orders: nobody is there")

    answering.answers["POST /orders"] = unreachable
    made = Client(DOOR, answering, Acts(told.append))
    with pytest.raises(Unreachable):
        await made.ask("POST", "/orders", body={}, tries=3)
    assert len(answering.asked) == 3
    (click,) = told
    assert (click["level"], click["error"]) == ("error", "POST /orders: nobody is there")


async def test_what_the_desk_reads_by_itself_is_no_click() -> None:
    answering = wire()
    told: list[Line] = []
    made = Client(DOOR, answering, Acts(told.append))
    await made.get("/me", Profile)
    assert told == []
    assert "traceparent" not in answering.asked[-1][2]
