"""The depth ladder: prices in the middle, what is bid at their left, what is asked at their right, and a cursor."""

from decimal import ROUND_FLOOR, Decimal
from typing import ClassVar, Literal

from textual import events
from textual.binding import BindingType
from textual.message import Message

from tradectl.tui.figures import number
from tradectl.tui.widgets.depth import NONE, Depth, Levels, depth_of, middle_of, on_step, step_for
from tradectl.tui.widgets.ladder_rows import LadderSheet, Look
from tradectl.tui.widgets.lined import Lined
from tradectl.tui.widgets.rows import Row

Side = Literal["buy", "sell"]
STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000)
"""Ticks of a row that can be chosen."""


class Ladder(Lined, can_focus=True):
    """A book at equal steps; it stands still until the market leaves its middle, and its cursor keeps its price."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("up", "move(1)"),
        ("down", "move(-1)"),
        ("pageup", "move(10)"),
        ("pagedown", "move(-10)"),
        ("home", "centre"),
        ("plus,equals_sign", "coarser(1)"),
        ("minus", "coarser(-1)"),
    ]

    class Picked(Message):
        """A click at a price: on the bids to buy there, on the asks to sell."""

        def __init__(self, ladder: "Ladder", side: Side, price: Decimal) -> None:
            super().__init__()
            self.ladder = ladder
            self.side: Side = side
            self.price = price

        @property
        def control(self) -> "Ladder":
            """The ladder that was clicked."""
            return self.ladder

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.heads = ("Bid", "Price", "Ask")
        self.tick = Decimal("0.01")
        self.last: Decimal | None = None
        self._bids: Levels = {}
        self._asks: Levels = {}
        self._own = Depth(self.tick, {}, {})
        self._step: Decimal | None = None
        self._chosen_step: Decimal | None = None
        self._top: Decimal | None = None
        self._cursor: Decimal | None = None

    def set_instrument(self, tick: Decimal) -> None:
        """Another instrument: no book yet, and the cursor in the middle of what comes."""
        self.tick = tick
        self._bids, self._asks, self._own = {}, {}, Depth(tick, {}, {})
        self._step = self._chosen_step = self._top = self._cursor = self.last = None
        self.touch()

    def set_book(self, bids: Levels, asks: Levels, last: Decimal | None = None) -> None:
        """The book as it is now; the mappings are read at the next ``paint``, not copied."""
        self._bids, self._asks = bids, asks
        self.last = last
        self.touch()

    def set_own(self, bids: Levels, asks: Levels) -> None:
        """What the trader has resting."""
        self._own = Depth(self.tick, bids, asks)
        self.touch()

    @property
    def cursor(self) -> Decimal | None:
        """The price under the cursor, on tick; the best bid while the trader has not moved it; None without a book."""
        return self._cursor if self._cursor is not None else max(self._bids, default=min(self._asks, default=None))

    def on_resize(self) -> None:
        """More rows, or fewer, are placed anew."""
        self._top = None
        super().on_resize()

    def action_move(self, rows: int) -> None:
        """The cursor up or down; at the edge the ladder follows."""
        at, step = self.cursor, self._step
        if at is None or step is None:
            return
        there = on_step(at, step, ROUND_FLOOR) + rows * step
        self._cursor = max(there, step)
        self._keep_in_view(self._cursor, step)
        self.repaint()

    def action_centre(self) -> None:
        """The market in the middle, the cursor on the best bid."""
        self._cursor = self._top = None
        self.repaint()

    def action_coarser(self, by: int) -> None:
        """More ticks a row, or fewer."""
        now = self._step or self.tick
        steps = [self.tick * ticks for ticks in STEPS]
        index = min(range(len(steps)), key=lambda each: abs(steps[each] - now))
        self._chosen_step = steps[max(0, min(index + by, len(steps) - 1))]
        self._top = None
        self.repaint()

    def on_click(self, event: events.Click) -> None:
        """The cursor to that price; a click on the cursor's own row picks it."""
        at = event.get_content_offset(self)
        if at is None or self._top is None or self._step is None or at.y < 1:
            return
        price = self._top - (at.y - 1) * self._step
        if price <= 0:
            return
        again = self._cursor == price
        self._cursor = price
        self.repaint()
        if again:
            self.post_message(self.Picked(self, "buy" if at.x < self.size.width // 2 else "sell", price))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.action_move(1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel moves the cursor."""
        event.stop()
        self.action_move(-1)

    def rows(self, width: int, height: int) -> list[Row]:
        """Headings, then a price a row."""
        count = max(height - 1, 1)
        step = self._step = self._settled_step(count)
        top = self._top = self._settled_top(step, count)
        digits = max(-int(self.tick.as_tuple().exponent), 0)
        sheet = LadderSheet.of(width, len(number(top or self.tick, digits)) + 1)
        if top is None:
            return [sheet.heads(self.heads)]
        prices = [price for row in range(count) if (price := top - row * step) > 0]
        depth = depth_of(self._bids, self._asks, step, prices)
        rested = depth_of(self._own.bids, self._own.asks, step, prices)
        most = max(max(depth.bids.get(each, NONE), depth.asks.get(each, NONE)) for each in prices)
        cursor, last = (each and on_step(each, step, ROUND_FLOOR) for each in (self.cursor, self.last))
        return [
            sheet.heads(self.heads),
            *(
                sheet.row(price, depth, rested, most, Look(price == cursor, price == last, digits, self.alphabet))
                for price in prices
            ),
        ]

    def _settled_step(self, count: int) -> Decimal:
        """The chosen step, or one that the book fits in, which stays until the ladder is centred anew."""
        if self._chosen_step is not None:
            return self._chosen_step
        if self._step is not None and self._top is not None:
            return self._step
        return step_for(self._bids, self._asks, self.tick, count)

    def _settled_top(self, step: Decimal, count: int) -> Decimal | None:
        """The price of the first row: as it was, unless the market has left the middle three fifths of the rows.

        Placed anew it has the cursor in its middle, or the market while the trader has not moved that."""
        middle = middle_of(self._bids, self._asks, step)
        if middle is None:
            return self._top
        if self._top is not None:
            row = (self._top - middle) / step
            if self._cursor is not None or count // 5 <= row <= count - count // 5:
                return self._top
        around = middle if self._cursor is None else on_step(self._cursor, step, ROUND_FLOOR)
        return around + (count // 2) * step

    def _keep_in_view(self, price: Decimal, step: Decimal) -> None:
        if self._top is None:
            return
        count = self.size.height - 1
        row = int((self._top - price) / step)
        if row < 0:
            self._top = price
        elif row >= count:
            self._top = price + (count - 1) * step
