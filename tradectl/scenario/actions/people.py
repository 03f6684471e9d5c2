"""Who somebody is and what he owns."""

import secrets
from decimal import Decimal
from typing import Any

from tradectl.scenario.actions.books import carry_over
from tradectl.scenario.actions.refusals import tried
from tradectl.scenario.failures import Unmet
from tradectl.scenario.matching import Mismatch
from tradectl.scenario.model import people as model
from tradectl.scenario.stage import Person, Stage
from tradectl.trader.browser import open_browser
from tradectl.trader.ear import Ear


def enter(stage: Stage, person: Person) -> None:
    """What comes before the first step: registered, with his roles, logged in, funded."""
    actor, trader = person.actor, person.trader
    if actor.email is None and not actor.staff:
        trader.register()
        trader.verify(trader.await_code())
    trader.login()
    identify(person)
    if actor.roles:
        promote(stage, person)
        trader.login()
    for asset, amount in actor.deposit.items():
        give(person, asset, amount)


def identify(person: Person) -> None:
    """Who it is; of a user who was there already also what he has."""
    newly = not person.id
    person.id = person.trader.client.get("/me")["id"]
    if newly and person.actor.email is not None:
        carry_over(person)


def promote(stage: Stage, person: Person) -> None:
    """By the sandbox's first admin."""
    from tradectl.scenario.target import ADMIN
    from tradectl.trader.client import Client
    from tradectl.trader.trader import Trader

    admin = Trader(Client(stage.target.door), stage.target.mail, ADMIN)
    admin.password = stage.target.here.keys()["admin_password"]
    admin.login()
    roles = {"roles": ["trader", *(role for role in person.actor.roles if role != "trader")]}
    admin.client.send("PATCH", f"/admin/users/{person.id}", body=roles)


def give(person: Person, asset: str, amount: str) -> Any:
    """A deposit that is credited."""
    made = person.trader.deposit(asset, amount)
    person.deposits[asset] = person.deposits.get(asset, Decimal(0)) + Decimal(amount)
    return made


def register(stage: Stage, step: model.Register, within: float) -> Any:
    """Ask for an account, prove the address."""
    trader = stage.person(step.actor).trader
    trader.patience = within
    if step.password is not None:
        trader.password = step.password
    answer, done = tried(trader.register, step.refused, "register")
    if done and step.verify:
        trader.verify(trader.await_code())
    return answer


def login(stage: Stage, step: model.Login, _: float) -> Any:
    """Get a token."""
    person = stage.person(step.actor)
    trader, own = person.trader, person.trader.password
    trader.password = own if step.password is None else step.password
    before = trader.client.token
    try:
        answer, done = tried(trader.login, step.refused, "log in")
    finally:
        trader.password = own
    if done:
        identify(person)
    else:
        trader.client.token = before
    return answer


def deposit(stage: Stage, step: model.Deposit, within: float) -> Any:
    """Until it is credited."""
    person = stage.person(step.actor)
    person.trader.patience = within
    if step.refused is None:
        return give(person, step.asset, step.amount)
    body = {"asset": step.asset, "amount": step.amount}
    client = person.trader.client
    return tried(lambda: client.post("/portfolio/deposits", body, key=True), step.refused, f"deposit {step.asset}")[0]


def withdraw(stage: Stage, step: model.Withdraw, within: float) -> Any:
    """Until it is settled or declined."""
    person, body = stage.person(step.actor), {"asset": step.asset, "amount": step.amount}
    client, what = person.trader.client, f"withdraw {step.amount} {step.asset}"
    asked, done = tried(lambda: client.post("/portfolio/withdrawals", body, key=True), step.refused, what)
    if not done:
        return asked

    def decided() -> Any:
        found = client.get(f"/portfolio/withdrawals/{asked['id']}")
        return found if found["status"] != "requested" else None

    ended = stage.pace.until(decided, f"{what} decided", within)
    if ended["status"] != step.status:
        raise Unmet(what, [Mismatch("status", step.status, f"{ended['status']} ({ended['reason']})")])
    if ended["status"] == "settled":
        person.deposits[step.asset] = person.deposits.get(step.asset, Decimal(0)) - Decimal(step.amount)
    return ended


def subscribe(stage: Stage, step: model.Subscribe, within: float) -> Any:
    """Until each channel has its snapshot, or its refusal."""
    person = stage.person(step.actor)
    if person.ear is None or not person.ear.open:
        person.ear = Ear(stage.target.door, person.trader.client.token)
    ear, wanted = person.ear, set(step.channels)
    ear.follow(step.channels)

    def answered() -> list[Any] | None:
        first = {each["channel"]: each for each in ear.heard() if each["type"] in ("snapshot", "error")}
        return [first[channel] for channel in step.channels] if wanted <= first.keys() else None

    return stage.pace.until(answered, f"an answer for {', '.join(step.channels)}", within)


def disconnect(stage: Stage, step: model.Disconnect, _: float) -> Any:
    """Close the WebSocket; what was heard is kept."""
    ear = stage.person(step.actor).ear
    if ear is not None:
        ear.heard()
        ear.close()
        ear.open = False
    return None


def browser(stage: Stage, step: model.Browser, _: float) -> Any:
    """One more; what is pushed to it is shown by `expect: {push: ACTOR}`."""
    person = stage.person(step.actor)
    opened = open_browser(person.trader.client, stage.target.push, person.trader.email)
    person.browsers.append(opened)
    return opened.subscription


def fresh_id() -> str:
    """For a client_order_id."""
    return secrets.token_hex(8)
