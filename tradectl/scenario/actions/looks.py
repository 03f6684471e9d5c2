"""One look at each thing that a scenario can ask about; a list where there may be several."""

from collections.abc import Callable, Mapping
from typing import Any

from tradectl.audit.report import audit
from tradectl.scenario.actions.books import books
from tradectl.scenario.actions.calling import split
from tradectl.scenario.actions.digests import digested
from tradectl.scenario.actions.telemetry import metrics, traces
from tradectl.scenario.model import looking as model
from tradectl.scenario.stage import Stage
from tradectl.trader.client import Client
from tradectl.trader.failures import Failed
from tradectl.trader.mailbox import Mailbox

Look = Callable[[Stage, Client, Any, model.Condition], Any]
MOST = "200"
ANY = {"any", "all"}


def order(stage: Stage, client: Client, named: str, _: model.Condition) -> Any:
    return client.get(f"/orders/{stage.order_id(named)}")


def orders(_: Stage, client: Client, symbol: str, __: model.Condition) -> Any:
    query = {} if symbol in ANY else {"symbol": symbol}
    return client.get("/orders", limit=MOST, **query)["items"]


def position(_: Stage, client: Client, symbol: str, __: model.Condition) -> Any:
    none = {"symbol": symbol, "quantity": "0", "reserved": "0", "cost": "0", "lots": []}
    return next((each for each in client.get("/portfolio")["positions"] if each["symbol"] == symbol), none)


def cash(_: Stage, client: Client, currency: str, __: model.Condition) -> Any:
    none = {"currency": currency, "total": "0", "reserved": "0", "free": "0"}
    return next((each for each in client.get("/portfolio")["cash"] if each["currency"] == currency), none)


def page(_: Stage, client: Client, path: str, __: model.Condition) -> Any:
    path, query = split(path, {})
    return client.get(path, **query)


def mail(stage: Stage, _: Client, to: str, __: model.Condition) -> Any:
    address = to if "@" in to else stage.person(to).trader.email
    return Mailbox(stage.target.mail, address).mails()


def push(stage: Stage, _: Client, to: str, __: model.Condition) -> Any:
    """What its reader sees beside what the endpoint knows."""
    found = [each for browser in stage.person(to).browsers for each in browser.pushes()]
    return [{**each["content"], "deliveries": each["deliveries"], "error": each["error"]} for each in found]


def notification(_: Stage, client: Client, kind: str, __: model.Condition) -> Any:
    items = client.get("/notifications", limit=MOST)["items"]
    return [each for each in items if kind in ANY or each["kind"] == kind]


def signal(_: Stage, client: Client, symbol: str, __: model.Condition) -> Any:
    query = {} if symbol in ANY else {"symbol": symbol}
    return client.get("/signals", limit=MOST, **query)["items"]


def trade(_: Stage, client: Client, symbol: str, __: model.Condition) -> Any:
    items = client.get("/portfolio/trades", limit=MOST)["items"]
    return [each for each in items if symbol in ANY or each["symbol"] == symbol]


def message(stage: Stage, _: Client, channel: str, step: model.Condition) -> Any:
    ear = stage.person(step.actor).ear
    if ear is None:
        raise Failed("nothing is subscribed: a `subscribe` step comes first")
    return [each for each in ear.heard() if each["channel"] == channel]


def audited(stage: Stage, _: Client, __: str, ___: model.Condition) -> Any:
    """Differences alone fail: others of this sandbox may be in the middle of something."""
    report = audit(stage.target.sources())
    if report.differences:
        told = [f"{each.difference.where} {each.difference.key}" for each in report.differences[:5]]
        raise Failed(f"the audit found {len(report.differences)} differences: {'; '.join(told)}")
    return {"differences": 0, "in_flight": len(report.in_flight)}


LOOKS: Mapping[str, Look] = {
    "order": order,
    "orders": orders,
    "position": position,
    "cash": cash,
    "quote": lambda _, client, symbol, __: client.get(f"/quotes/{symbol}"),
    "page": page,
    "mail": mail,
    "push": push,
    "notification": notification,
    "signal": signal,
    "trade": trade,
    "message": message,
    "audit": audited,
    "books": books,
    "digest": digested,
    "metric": metrics,
    "trace": traces,
}
