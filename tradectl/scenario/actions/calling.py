"""Any route of the BFF."""

import json
import time
from typing import Any
from urllib.parse import parse_qsl

from tradectl.probes import http
from tradectl.scenario.failures import Unmet
from tradectl.scenario.matching import Mismatch, agrees, mismatches
from tradectl.scenario.model import looking as model
from tradectl.scenario.stage import Stage
from tradectl.trader.client import document_of


def call(stage: Stage, step: model.Call, _: float) -> Any:
    """One request, and all that its answer must be."""
    method, path = step.target
    began = time.monotonic()
    answer = asked(stage, step, method, path)
    took = (time.monotonic() - began) * 1_000
    document = document_of(answer)
    wrong = [*_status(step, answer.status, document), *mismatches(step.is_, document), *_headers(step, answer)]
    if step.faster_than is not None and took >= step.faster_than:
        wrong.append(Mismatch("milliseconds", {"lt": step.faster_than}, round(took, 1)))
    if wrong:
        raise Unmet(f"{method} {path} answered {answer.status}", wrong)
    return document


def asked(stage: Stage, step: model.Call, method: str, path: str) -> http.Answer:
    """The answer, whatever it is."""
    client = stage.client(step.actor)
    path, query = split(path, step.query)
    body = step.body if step.raw is None else step.raw.encode()
    return client.ask(method, path, query=query or None, body=body, headers=step.headers)


def split(path: str, query: dict[str, Any]) -> tuple[str, dict[str, str]]:
    """A path that has its query behind it."""
    path, _, given = path.partition("?")
    return path, {**dict(parse_qsl(given)), **{name: _text(value) for name, value in query.items()}}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)


def _status(step: model.Call, status: int, document: Any) -> list[Mismatch]:
    if step.status is None:
        return [] if status < 400 else [Mismatch("status", "a success", f"{status} {document}")]
    wanted = step.status if isinstance(step.status, list) else [step.status]
    return [] if status in wanted else [Mismatch("status", step.status, f"{status} {document}")]


def _headers(step: model.Call, answer: http.Answer) -> list[Mismatch]:
    seen = {name: answer.headers.get(name.lower()) for name in step.answers}
    return [
        Mismatch(name, expected, seen[name])
        for name, expected in step.answers.items()
        if not agrees(expected, seen[name])
    ]
