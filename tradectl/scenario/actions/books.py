"""Cash and positions of an account, as they must be by its deposits and fills."""

from decimal import Decimal
from typing import Any

from services.contracts.money import CURRENCY_SCALES
from tradectl.scenario.failures import Unmet
from tradectl.scenario.matching import Mismatch
from tradectl.scenario.model import looking as model
from tradectl.scenario.stage import Person, Stage
from tradectl.smoke.books import expected_cash, expected_positions, held_cash, held_positions
from tradectl.trader.client import Client

MOST = "200"
"""Orders of one scenario that are looked at."""


def books(stage: Stage, _: Client, who: str, __: model.Condition) -> Any:
    """Cash and positions follow from the deposits and the fills alone."""
    person = stage.person(who)
    client = person.trader.client
    portfolio = client.get("/portfolio")
    fills = [each for each in fills_of(client) if each["id"] not in person.earlier]
    wrong = [*_cash(person, portfolio, fills), *_positions(person, portfolio, fills)]
    if wrong:
        raise Unmet(f"the books of {who}", wrong)
    return portfolio


def carry_over(person: Person) -> None:
    """What a user who was there before has already: it is explained by no step."""
    client = person.trader.client
    portfolio = client.get("/portfolio")
    held = {**held_cash(portfolio), **held_positions(portfolio)}
    person.deposits |= {asset: amount for asset, amount in held.items() if amount}
    person.earlier = frozenset(each["id"] for each in fills_of(client))


def fills_of(client: Client) -> list[dict[str, Any]]:
    placed = client.get("/orders", limit=MOST)["items"]
    filled = [each["id"] for each in placed if Decimal(each["filled_quantity"])]
    return [fill for each in filled for fill in client.get(f"/orders/{each}")["fills"]]


def _cash(person: Person, portfolio: Any, fills: list[dict[str, Any]]) -> list[Mismatch]:
    held, money = held_cash(portfolio), {a: b for a, b in person.deposits.items() if a in CURRENCY_SCALES}
    wanted = expected_cash(money, fills)
    return [
        Mismatch(f"{currency} in all", str(amount), str(held.get(currency, Decimal(0))))
        for currency, amount in wanted.items()
        if held.get(currency, Decimal(0)) != amount
    ]


def _positions(person: Person, portfolio: Any, fills: list[dict[str, Any]]) -> list[Mismatch]:
    held, wanted = held_positions(portfolio), expected_positions(fills)
    for asset, amount in person.deposits.items():
        if asset not in CURRENCY_SCALES:
            wanted[asset] = wanted.get(asset, Decimal(0)) + amount
    return [
        Mismatch(f"{symbol} held", str(wanted.get(symbol, Decimal(0))), str(held.get(symbol, Decimal(0))))
        for symbol in sorted(wanted.keys() | held.keys())
        if wanted.get(symbol, Decimal(0)) != held.get(symbol, Decimal(0))
    ]
