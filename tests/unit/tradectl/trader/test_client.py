import json

import pytest

from tradectl.probes import http
from tradectl.trader.client import Client
from tradectl.trader.failures import Late, Refused


def answering(status: int) -> http.Answer:
    problem = {"code": "timeout", "detail": "market_data gave no answer in time", "field": None}
    return http.Answer(status, {}, json.dumps(problem).encode())


def test_an_answer_that_did_not_come_in_time_may_be_asked_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "request", lambda *_, **__: answering(504))
    with pytest.raises(Late, match="504 timeout"):
        Client("http://door").get("/candles/AAPL")


def test_any_other_refusal_is_final(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "request", lambda *_, **__: answering(422))
    with pytest.raises(Refused) as caught:
        Client("http://door").get("/candles/AAPL")
    assert not isinstance(caught.value, Late)


def test_a_write_that_was_not_answered_in_time_is_repeated_under_its_key(monkeypatch: pytest.MonkeyPatch) -> None:
    keys: list[str] = []

    def late_once(*_: object, headers: dict[str, str], **__: object) -> http.Answer:
        keys.append(headers["Idempotency-Key"])
        return answering(504) if len(keys) == 1 else http.Answer(201, {}, b"{}")

    monkeypatch.setattr(http, "request", late_once)
    assert Client("http://door").post("/portfolio/deposits", {}, key=True) == {}
    assert keys == [keys[0]] * 2


def test_a_write_that_is_late_again_and_again_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http, "request", lambda *_, **__: answering(504))
    with pytest.raises(Late):
        Client("http://door").post("/portfolio/deposits", {}, key=True)
