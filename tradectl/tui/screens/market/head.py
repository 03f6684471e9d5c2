"""The line over the chart: what is looked at, how it stands, and the intervals to click on."""

from dataclasses import dataclass
from decimal import Decimal

from textual import events
from textual.message import Message

from tradectl.desk.market import INTERVALS, Instrument, Quote
from tradectl.looks.glyphs import g
from tradectl.tui.figures import number, percent
from tradectl.tui.lines import Line, Piece, spread
from tradectl.tui.words import said, t


@dataclass(frozen=True)
class Heading:
    """What the line says; without an instrument it is blank."""

    instrument: Instrument | None = None
    quote: Quote | None = None
    interval: str = INTERVALS[0]


class Head(Line):
    """One row; a click on an interval is told."""

    class IntervalChosen(Message):
        """Another interval is wanted."""

        def __init__(self, interval: str) -> None:
            super().__init__()
            self.interval = interval

    DEFAULT_CSS = "Head { background: $surface; }"

    def __init__(self) -> None:
        super().__init__()
        self._heading = Heading()

    def say(self, heading: Heading) -> None:
        """Draw it anew if it says something else."""
        if heading != self._heading:
            self._heading = heading
            self.refresh()

    def pieces(self) -> list[Piece]:
        heading = self._heading
        if heading.instrument is None:
            return []
        return spread(self._left(heading.instrument, heading.quote), self._intervals(), self.size.width)

    async def on_click(self, event: events.Click) -> None:
        """Tell of an interval that was clicked; other pieces have actions."""
        column = event.x
        for piece in self.pieces():
            column -= len(piece.text)
            if column < 0:
                if piece.text.strip() in INTERVALS:
                    self.post_message(self.IntervalChosen(piece.text.strip()))
                return

    def _left(self, instrument: Instrument, quote: Quote | None) -> list[Piece]:
        found = [Piece(f" {instrument.symbol} ", "bold $accent", "app.search")]
        if quote is not None and quote.last is not None:
            change = quote.change or Decimal(0)
            style = "$up" if change > 0 else "$down" if change < 0 else "$flat"
            sign = g("up" if change > 0 else "down" if change < 0 else "flat")
            found.append(Piece(f"{number(quote.last, instrument.price_scale)} ", f"bold {style}"))
            found.append(Piece(f"{sign} {percent(quote.change)} ", style))
        if instrument.status != "open":
            found.append(Piece(f" {said(f'market.{instrument.status}', instrument.status)} ", "bold $warning"))
        if quote is not None and quote.stale:
            found.append(Piece(f" {t('market.stale')} ", "$warning"))
        return found

    def _intervals(self) -> list[Piece]:
        """Between the keys that go through them."""
        now = self._heading.interval
        found = [Piece(f" {each} ", "reverse bold $primary" if each == now else "$flat") for each in INTERVALS]
        return [
            Piece("[", "$accent", "app.press('left_square_bracket')"),
            *found,
            Piece("] ", "$accent", "app.press('right_square_bracket')"),
        ]
