"""`tradectl demo`: the terminal with an agent that trades on its account, and callouts that say what happens."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from tradectl.desk.account import Fill, Order
from tradectl.desk.desk import Desk
from tradectl.desk.failures import Failed
from tradectl.desk.market import Instrument
from tradectl.tui.app import Terminal
from tradectl.tui.figures import number
from tradectl.tui.words import t

READING = 7.0
"""Seconds that a callout is shown before the tour goes on by itself."""
GLANCE = 3.0
"""Of the first two: a trader wants to see a fill soon."""
PATIENCE = 8.0
"""Seconds for a quote and for a fill."""
LOOK = 0.05
FIRST = "BTCUSDT"
"""Where it is always open."""
WORTH = Decimal(1_000)
"""What the agent buys for, of the instrument's currency."""
UNDER = Decimal("0.97")
"""Of the market: where the order rests that is cancelled again."""
Said = dict[str, object]


class Callout(Vertical):
    """What happens now, under the panes."""

    DEFAULT_CSS = """
    Callout { height: auto; max-height: 6; background: $accent; color: $background; padding: 0 1; }
    Callout #callout-keys { color: $background; text-style: italic; }
    """

    def compose(self) -> ComposeResult:
        yield Static(id="callout-text", markup=False)
        yield Static(id="callout-keys", markup=False)

    def say(self, text: str, place: str) -> None:
        """Another callout."""
        self.query_one("#callout-text", Static).update(text)
        self.query_one("#callout-keys", Static).update(f"{place} · {t('tour.keys')}")


class Tour(Terminal):
    """Ends by itself, by Esc, or with the terminal; what the agent still has in the market is cancelled."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "on", "", show=False, priority=True),
        Binding("escape", "end_tour", "", show=False),
    ]

    async def begin(self, desk: Desk) -> None:
        await super().begin(desk)
        self.touring = self.run_worker(self.tour(desk), name="tour", exit_on_error=False)

    async def tour(self, desk: Desk) -> None:
        """Each step, until the last or until somebody has seen enough."""
        callout = Callout()
        await self.screen_stack[0].mount(callout, before="StatusLine")
        agent = Agent(desk)
        steps = self.steps(agent)
        try:
            for number_of, (name, screen, step, seconds) in enumerate(steps, 1):
                if screen:
                    await self.show(screen)
                try:
                    key, values = await step() if step else (name, {"symbol": agent.symbol})
                except Failed as error:
                    key, values = "tour.failed", {"why": str(error)}
                callout.say(t(key, **values), t("tour.step", n=number_of, all=len(steps)))
                await self.read(seconds)
        finally:
            await agent.leave()
            await callout.remove()

    def steps(self, agent: "Agent") -> list[tuple[str, str, Callable[[], Awaitable[tuple[str, Said]]] | None, float]]:
        """The words, the screen, what the agent does, and for how long it is shown."""
        self.went_on = asyncio.Event()
        self.agent = agent
        return [
            ("tour.market", "market", agent.look, GLANCE),
            ("tour.sent", "", agent.buy, GLANCE),
            ("tour.filled", "", agent.filled, READING),
            ("tour.resting", "trade", agent.rest, READING),
            ("tour.portfolio", "portfolio", agent.cancelled, READING),
            ("tour.ideas", "ideas", None, READING),
            ("tour.system", "system", None, READING),
            ("tour.end", "market", None, READING),
        ]

    async def read(self, seconds: float) -> None:
        """Until it was read, or space was pressed."""
        self.went_on.clear()
        try:
            await asyncio.wait_for(self.went_on.wait(), seconds)
        except TimeoutError:
            return

    @property
    def guiding(self) -> bool:
        """Whether the tour is under way."""
        return hasattr(self, "touring") and self.touring.is_running

    def action_on(self) -> None:
        """The next callout."""
        self.went_on.set()

    async def action_quit(self) -> None:
        """Nothing of the agent's stays."""
        if hasattr(self, "agent"):
            await self.agent.leave()
        await super().action_quit()

    def action_end_tour(self) -> None:
        """The terminal is the trader's."""
        self.touring.cancel()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Space and Esc are the tour's while nothing lies over the panes."""
        if action in {"on", "end_tour"}:
            return self.guiding and self.dialogue is None and not isinstance(self.focused, Input)
        return super().check_action(action, parameters)


class Agent:
    """Trades one instrument on the trader's account; each step answers what the callout says."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.symbol = FIRST if FIRST in desk.state.instruments else next(iter(desk.state.instruments))
        self.order: Order | None = None
        self.resting: Order | None = None

    @property
    def terms(self) -> Instrument:
        """Of the instrument."""
        return self.desk.state.instruments[self.symbol]

    async def look(self) -> tuple[str, Said]:
        """At the instrument, until it has a price."""
        self.desk.look_at(self.symbol)
        self.desk.want("tour", {f"quotes:{self.symbol}"})
        await self.price()
        return "tour.market", {"symbol": self.symbol}

    async def price(self) -> Decimal:
        """The last one; Failed where none comes."""
        deadline = time.monotonic() + PATIENCE
        while (quote := self.desk.state.quotes.get(self.symbol)) is None or quote.last is None:
            if time.monotonic() > deadline:
                raise Failed(f"there is no price of {self.symbol}")
            await asyncio.sleep(LOOK)
        return quote.last

    async def buy(self) -> tuple[str, Said]:
        """At the market."""
        quantity = lots(WORTH / await self.price(), self.terms)
        self.order = await self.desk.place(
            {"symbol": self.symbol, "side": "buy", "type": "market", "quantity": f"{quantity:f}"}
        )
        return "tour.sent", {"quantity": number(quantity), "symbol": self.symbol}

    async def filled(self) -> tuple[str, Said]:
        """What the market made of it."""
        deadline = time.monotonic() + PATIENCE
        while not (fills := self.fills()):
            if self.order is None or time.monotonic() > deadline:
                return "tour.waits", {}
            await asyncio.sleep(LOOK)
        first = fills[0]
        values = {"quantity": number(first.quantity), "price": number(first.price), "fee": number(first.fee)}
        where = {"symbol": first.symbol, "currency": first.currency, "time": f"{first.time:%H:%M:%S}"}
        return "tour.filled", {**values, **where}

    def fills(self) -> list[Fill]:
        """Of the agent's order."""
        return [fill for fill in self.desk.state.fills if self.order is not None and fill.order_id == self.order.id]

    async def rest(self) -> tuple[str, Said]:
        """A little under the market."""
        price = await self.price() * UNDER // self.terms.tick * self.terms.tick
        if self.terms.price_band is not None:
            price = max(price, self.terms.price_band.low)
        quantity = lots(WORTH / price, self.terms)
        terms = {"type": "limit", "quantity": f"{quantity:f}", "limit_price": f"{price:f}"}
        self.resting = await self.desk.place({"symbol": self.symbol, "side": "buy", **terms})
        return "tour.resting", {}

    async def cancelled(self) -> tuple[str, Said]:
        """The order that rests is taken back."""
        await self.leave()
        return "tour.portfolio", {}

    async def leave(self) -> None:
        """Nothing of the agent's stays in the market."""
        self.desk.want("tour", ())
        if self.resting is not None:
            resting, self.resting = self.resting, None
            try:
                await self.desk.cancel(resting.id)
            except Failed:  # it has ended by itself, or nobody answers any more
                return


def lots(quantity: Decimal, terms: Instrument) -> Decimal:
    """Rounded down to whole lots, one at least."""
    return max(quantity // terms.lot, Decimal(1)) * terms.lot
