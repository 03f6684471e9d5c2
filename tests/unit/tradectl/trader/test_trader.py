import json

import pytest

from tradectl.probes import http
from tradectl.trader.client import Client
from tradectl.trader.failures import Failed, Refused
from tradectl.trader.trader import Trader


def answering(monkeypatch: pytest.MonkeyPatch, *statuses: int) -> Trader:
    """A trader whose requests are answered so; the last answer for good."""
    left = list(statuses)

    def answer(*_: object, **__: object) -> http.Answer:
        status = left.pop(0) if len(left) > 1 else left[0]
        return http.Answer(status, {}, json.dumps({"access_token": "token", "code": "outcome_unknown"}).encode())

    monkeypatch.setattr(http, "request", answer)
    return Trader(Client("http://door"), "http://mail", "ann@example.test", patience=0.05)


def test_a_log_in_that_nobody_answered_in_time_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    trader = answering(monkeypatch, 504, 504, 200)
    trader.login()
    assert trader.client.token == "token"


def test_a_log_in_that_is_never_answered_has_failed_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Failed, match="log-in"):
        answering(monkeypatch, 504).login()


def test_a_log_in_that_is_refused_is_not_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(Refused):
        answering(monkeypatch, 401, 200).login()
