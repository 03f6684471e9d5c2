"""What the steps of one run act on: users, what is known so far, and the journal."""

import os
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Any

from tradectl.scenario import prices
from tradectl.scenario.model import Actor, Scenario
from tradectl.scenario.names import NOBODY
from tradectl.scenario.pace import Pace
from tradectl.scenario.target import ADMIN, Target
from tradectl.scenario.templates import filled
from tradectl.trader.browser import Browser
from tradectl.trader.client import Client, Exchange
from tradectl.trader.ear import Ear
from tradectl.trader.failures import Failed
from tradectl.trader.trader import Trader

PATIENCE = 15.0
"""Seconds for what a step waits for, unless it says otherwise."""


@dataclass
class Person:
    """One actor: ``deposits`` are those of the steps, by asset, and what a user who was there had before.

    ``earlier`` are the ids of fills that he had before.
    """

    name: str
    trader: Trader
    actor: Actor
    id: str = ""
    ear: Ear | None = None
    browsers: list[Browser] = field(default_factory=list)
    deposits: dict[str, Decimal] = field(default_factory=dict)
    earlier: frozenset[str] = frozenset()

    @property
    def shown(self) -> dict[str, Any]:
        """As templates see him."""
        trader = self.trader
        return {"id": self.id, "email": trader.email, "display_name": trader.display_name, "token": trader.client.token}


@dataclass
class Stage:
    """One run of one scenario; ``values`` are what steps have saved."""

    scenario: Scenario
    target: Target
    pace: Pace
    seed: int
    people: dict[str, Person] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    journal: list[tuple[str, Exchange]] = field(default_factory=list)
    began: float = field(default_factory=time.time)
    instruments: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        given = {"env": dict(os.environ), "seed": self.seed, "round": 1}
        if self.target.sandbox is not None:
            given["day"] = self.target.clock()["now"][:10]
        self.values = {**given, **filled(self.scenario.let, {**given, **self.scenario.let})}
        for name, actor in self.scenario.actors.items():
            self.join(name, actor)

    def join(self, name: str, actor: Actor) -> Person:
        """One more user, who has not entered yet."""
        client = Client(self.target.door, partial(self._heard, name))
        fresh = "held" if self.scenario.held else secrets.token_hex(5)
        email = filled(actor.email, self.known()) or f"{name}-{fresh}@example.com"
        trader = Trader(client, self.target.mail, email, actor.display_name or name.capitalize(), actor.language)
        if actor.password is not None:
            trader.password = filled(actor.password, self.known())
        if actor.staff:
            trader.email, trader.password = ADMIN, self.target.here.keys()["admin_password"]
        trader.patience = PATIENCE
        self.people[name] = Person(name, trader, actor)
        return self.people[name]

    def _heard(self, name: str, exchange: Exchange) -> None:
        self.journal.append((name, exchange))

    def known(self) -> Mapping[str, Any]:
        """What templates may take: saved values, then actors."""
        return {**{name: person.shown for name, person in self.people.items()}, **self.values}

    def person(self, who: str | None) -> Person:
        """An actor; the first one without a name."""
        return self.people[who] if who else next(iter(self.people.values()))

    def client(self, who: str | None) -> Client:
        """An actor's, or one without a token."""
        if who == NOBODY:
            return Client(self.target.door, partial(self._heard, NOBODY))
        return self.person(who).trader.client

    def order_id(self, named: str) -> str:
        """Of an order that was saved, or the id itself."""
        saved = self.values.get(named)
        if isinstance(saved, dict) and "id" in saved:
            return str(saved["id"])
        return named

    def instrument(self, symbol: str, client: Client) -> Any:
        """Its terms, asked for once."""
        if symbol not in self.instruments:
            self.instruments.update({each["symbol"]: each for each in client.get("/instruments")["items"]})
        return self.instruments.get(symbol)

    def price(self, text: str | None, symbol: str, client: Client) -> str | None:
        """A price of a step as a decimal; Failed when the market has none."""
        if text is None or not prices.is_market_price(text):
            return text
        instrument = self.instrument(symbol, client)
        if instrument is None:
            raise Failed(f"{text}: there is no instrument {symbol}")
        try:
            return prices.price(text, instrument, lambda: client.get(f"/quotes/{symbol}"))
        except ValueError as error:
            raise Failed(f"{text}: {error}") from error

    def close(self) -> None:
        """Let go of what is open."""
        for person in self.people.values():
            if person.ear is not None:
                person.ear.close()
