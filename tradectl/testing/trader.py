"""Traders of a test: what they do and see is what scenarios do and see, by the same code."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypedDict, TypeVar, Unpack

from tradectl.errors import TradectlError
from tradectl.scenario.actions import looking, people, trading
from tradectl.scenario.actions.looks import LOOKS
from tradectl.scenario.jmes import plain
from tradectl.scenario.model import Actor, Scenario, orders
from tradectl.scenario.model import looking as looks
from tradectl.scenario.model import people as money
from tradectl.scenario.pace import Free
from tradectl.scenario.stage import PATIENCE, Person, Stage
from tradectl.scenario.target import Target
from tradectl.stack import settings
from tradectl.testing.telling import told
from tradectl.trader.client import Client
from tradectl.trader.failures import Failed

T = TypeVar("T")
ENTERS_WITHIN = 60.0
"""Seconds for each thing that a new trader waits for: what comes before a test is not what it measures."""
Json = dict[str, Any]
Amount = str | int | Decimal
"""A decimal; no float, which has other digits than one wrote."""
Price = str | int | Decimal
"""The same, or by the market: ``bid - 2%``, ``ask + 3 ticks``."""
Order = str | Mapping[str, Any]
"""One that was placed, or its id."""


class Terms(TypedDict, total=False):
    """``type`` follows from the prices where it is not given; ``id`` is the client_order_id."""

    type: str
    tif: str
    limit: Price
    stop: Price
    id: str


@dataclass(frozen=True)
class Trader:
    """Registered, logged in and funded; answers are the API's JSON, whose decimals are text."""

    stage: Stage
    person: Person

    def __repr__(self) -> str:
        return f"Trader({self.email})"

    @property
    def name(self) -> str:
        return self.person.name

    @property
    def email(self) -> str:
        return self.person.trader.email

    @property
    def id(self) -> str:
        """The user's."""
        return self.person.id

    @property
    def client(self) -> Client:
        """For every other route: ``client.get("/alerts")``."""
        return self.person.trader.client

    @told
    def place(
        self,
        symbol: str,
        side: str,
        quantity: Amount,
        *,
        status: str | None = None,
        refused: str | None = None,
        within: float = PATIENCE,
        **terms: Unpack[Terms],
    ) -> Json:
        """The order once it has the status, or at once; of one that must be refused, the code and HTTP status.

        Unmet when it ends otherwise, is refused with another code, or not refused at all.
        """
        words = {"type": type_of(terms), **terms, "symbol": symbol, "side": side, "quantity": quantity}
        step = orders.Place(**said(words, actor=self.name, status=status, refused=refused))
        placed: Json = trading.place(self.stage, step, within)
        return placed

    @told
    def cancel(
        self, order: Order, *, status: str | None = None, refused: str | None = None, within: float = PATIENCE
    ) -> Json:
        """Ask for its end; as `place`."""
        step = orders.Cancel(**said({"order": id_of(order)}, actor=self.name, status=status, refused=refused))
        asked: Json = trading.cancel(self.stage, step, within)
        return asked

    @told
    def replace(
        self,
        order: Order,
        *,
        quantity: Amount | None = None,
        limit: Price | None = None,
        stop: Price | None = None,
        status: str | None = None,
        refused: str | None = None,
        within: float = PATIENCE,
    ) -> Json:
        """Ask for other terms; as `place`."""
        words = {"order": id_of(order), "quantity": quantity, "limit": limit, "stop": stop}
        step = orders.Replace(**said(words, actor=self.name, status=status, refused=refused))
        asked: Json = trading.replace(self.stage, step, within)
        return asked

    @told
    def deposit(self, asset: str, amount: Amount, *, refused: str | None = None, within: float = PATIENCE) -> Json:
        """Until it is credited."""
        step = money.Deposit(**said({"asset": asset, "amount": amount}, actor=self.name, refused=refused))
        made: Json = people.deposit(self.stage, step, within)
        return made

    @told
    def withdraw(
        self,
        asset: str,
        amount: Amount,
        *,
        status: str = "settled",
        refused: str | None = None,
        within: float = PATIENCE,
    ) -> Json:
        """Until it is settled, or declined where that must be."""
        words = {"asset": asset, "amount": amount}
        step = money.Withdraw(**said(words, actor=self.name, status=status, refused=refused))
        made: Json = people.withdraw(self.stage, step, within)
        return made

    def order(self, order: Order) -> Json:
        """As it is now, with its fills and history."""
        found: Json = self._look("order", id_of(order))
        return found

    def orders(self, symbol: str = "all") -> list[Json]:
        """The last ones first."""
        found: list[Json] = self._look("orders", symbol)
        return found

    def cash(self, currency: str) -> Json:
        """``total``, ``reserved`` and ``free``."""
        found: Json = self._look("cash", currency)
        return found

    def position(self, symbol: str) -> Json:
        """``quantity``, ``reserved``, ``cost`` and lots; zero where there is none."""
        found: Json = self._look("position", symbol)
        return found

    @told
    def positions(self) -> list[Json]:
        """All that is held."""
        found: list[Json] = self.client.get("/portfolio")["positions"]
        return found

    def quote(self, symbol: str) -> Json:
        """``bid``, ``ask`` and ``last``."""
        found: Json = self._look("quote", symbol)
        return found

    @told
    def _look(self, kind: str, of: str) -> Any:
        return LOOKS[kind](self.stage, self.client, of, looks.Condition(**said({kind: of}, actor=self.name)))

    @told
    def expect(
        self,
        kind: str,
        of: Order,
        is_: Mapping[str, Any] | None = None,
        *,
        count: int | None = None,
        within: float = PATIENCE,
    ) -> Any:
        """Look until it is so: the steps `expect` of scenarios, with their words. What was found; Unmet else."""
        words = {kind: id_of(of), "actor": self.name, "is": dict(is_ or {}), "count": count}
        return looking.expect(self.stage, looks.Condition(**said(words)), within)

    def check_books(self, within: float = PATIENCE) -> Json:
        """The portfolio, once cash and positions are what deposits, withdrawals and fills make."""
        found: Json = self.expect("books", self.name, within=within)
        return found

    @told
    def until(self, probe: Callable[[], T], what: str = "what the test waits for", within: float = PATIENCE) -> T:
        """The probe's first true answer; Failed with the last one else. Until then it may fail, too."""
        last: object = None

        def holds() -> tuple[T] | None:
            nonlocal last
            try:
                answer = probe()
            except (AssertionError, Failed, TradectlError) as error:
                last = error
                return None
            last = answer
            return (answer,) if answer else None

        try:
            return self.stage.pace.until(holds, what, within)[0]
        except Failed as error:
            raise Failed(f"{error}; at last: {last if isinstance(last, Exception) else repr(last)}") from None


class Traders:
    """Makes traders of one test."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    @told
    def __call__(
        self,
        name: str = "",
        *,
        deposit: Mapping[str, Amount] | None = None,
        language: str = "en",
        roles: Sequence[str] = (),
    ) -> Trader:
        """Registered, verified, logged in, with these deposits and roles; the name is the mail address's first word."""
        name = name or f"trader-{len(self._stage.people) + 1}"
        if name in self._stage.people:
            raise Failed(f"there is a trader {name} in this test: give this one another name")
        funds = {asset: text(amount) for asset, amount in (deposit or {}).items()}
        actor = Actor.model_validate({"deposit": funds, "language": language, "roles": list(roles)})
        person = self._stage.join(name, actor)
        person.trader.patience = ENTERS_WITHIN
        people.enter(self._stage, person)
        return Trader(self._stage, person)


@told
def empty_stage(target: Target) -> Stage:
    """With nobody on it yet; its seed is the sandbox's."""
    nobody = Scenario.model_construct(scenario="A test in Python.", actors={}, steps=[])
    return Stage(nobody, target, Free(), settings.load(target.here).seed)


def type_of(terms: Terms) -> str:
    """What kind of order has these prices."""
    return {(False, False): "market", (True, False): "limit", (False, True): "stop", (True, True): "stop_limit"}[
        "limit" in terms, "stop" in terms
    ]


def id_of(order: Order) -> str:
    """Of one that was placed; a word is one."""
    return order if isinstance(order, str) else str(order["id"])


def said(words: Mapping[str, Any], **more: Any) -> dict[str, Any]:
    """What was said at all, as a step's words."""
    return {name: text(value) for name, value in {**words, **more}.items() if value is not None}


def text(value: Any) -> Any:
    """A decimal as a step has it; all else as it is. Failed for a float, whose digits are not those that one wrote."""
    if isinstance(value, float):
        raise Failed(f'{value} is a float: write "{value}" or a Decimal')
    return plain(value) if isinstance(value, Decimal) else value
