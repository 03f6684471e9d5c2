"""What the broker's operator does to a trade afterwards: bust it, or correct it."""

from typing import Any

from tradectl.probes import http
from tradectl.scenario.actions.refusals import tried
from tradectl.scenario.failures import Broke
from tradectl.scenario.model import control as model
from tradectl.scenario.stage import Stage
from tradectl.trader.failures import Failed, Refused


def bust(stage: Stage, step: model.Bust, _: float) -> Any:
    """The trade never was; what the broker reported of it."""
    return _amended(stage, step, "bust", {})


def correct(stage: Stage, step: model.Correct, _: float) -> Any:
    """The trade was another; what the broker reported of it."""
    terms = {"quantity": step.quantity, "price": step.price}
    return _amended(stage, step, "correct", {name: str(value) for name, value in terms.items() if value is not None})


def _amended(stage: Stage, step: model.Bust, how: str, body: dict[str, str]) -> Any:
    life = stage.client(step.actor).get(f"/orders/{stage.order_id(step.order)}")
    try:
        exec_id = standing(life["fills"])[step.fill]["id"]
    except IndexError:
        raise Failed(f"the order has no fill {step.fill} that stands") from None
    return tried(lambda: _asked(stage, f"/executions/{exec_id}/{how}", body), step.refused, f"{how} {exec_id}")[0]


def standing(fills: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those that nothing has taken back."""
    gone = {fill["reverses"] for fill in fills}
    return [fill for fill in fills if fill["reverses"] is None and fill["id"] not in gone]


def _asked(stage: Stage, path: str, body: dict[str, str]) -> Any:
    url, key = f"{stage.target.held_by().endpoint('broker')}{path}", stage.target.here.keys()["key"]
    try:
        answer = http.request("POST", url, body=body, headers={"X-Internal-Key": key})
        document = answer.json()
    except http.UnreachableError as error:
        raise Broke(f"the broker: {error}") from error
    if answer.status >= 400:
        raise Refused(f"the broker: {document['detail']}", answer.status, str(document["code"]))
    return {"items": document}
