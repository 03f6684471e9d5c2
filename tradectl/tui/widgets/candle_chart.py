"""The chart as a widget: it scrolls, zooms and points."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from tradectl.tui.widgets.bars import Bar
from tradectl.tui.widgets.candles import PITCHES
from tradectl.tui.widgets.chart import Curves, Frame, View, chart_rows
from tradectl.tui.widgets.indicators import OVERLAYS, PANES, Running, Study
from tradectl.tui.widgets.lined import Lined
from tradectl.tui.widgets.rows import Row

STYLES = ("candles", "line")
LEAST = (30, 6)
"""Columns and lines without which there is no chart."""


class CandleChart(Lined, can_focus=True):
    """Bars of one instrument; left and right scroll, plus and minus zoom, the mouse points."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("left", "scroll_bars(10)"),
        ("right", "scroll_bars(-10)"),
        ("plus,equals_sign", "zoom(1)"),
        ("minus", "zoom(-1)"),
        ("end", "latest"),
    ]

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self.bars: list[Bar] = []
        self.view = View()
        self.overlay = Running(OVERLAYS[1])
        self.pane = Running(PANES[0])
        self.empty = ""
        """What stands here while there are no bars."""

    def set_bars(self, bars: Sequence[Bar], digits: int) -> None:
        """Other bars: of another instrument or interval."""
        self.bars = list(bars)
        self.view = replace(self.view, digits=digits, back=0, pointed=None)
        self.touch()

    def put_bar(self, bar: Bar) -> None:
        """The forming bar as it is now, or the next one; who looks back keeps what he looks at."""
        if self.bars and self.bars[-1].start == bar.start:
            self.bars[-1] = bar
        elif not self.bars or bar.start > self.bars[-1].start:
            self.bars.append(bar)
            if self.view.back:
                self.view = replace(self.view, back=self.view.back + 1)
        self.touch()

    def rows(self, width: int, height: int) -> list[Row]:
        """The chart, or a word for want of one."""
        if not self.bars or width < LEAST[0] or height < LEAST[1]:
            return [*[()] * (height // 2), ((self.empty.center(width), "dim"),)]
        frame = Frame.of(self.bars, self.view, width)
        over, below = (each.lines(self.bars, frame.shown) for each in (self.overlay, self.pane))
        curves = Curves(over, below, self.pane.study.levels)
        return chart_rows(self.bars, self.view, frame, curves, (width, height), self.alphabet)

    def action_scroll_bars(self, bars: int) -> None:
        """Back in time, or forth again."""
        back = max(0, min(self.view.back + bars, len(self.bars) - 2))
        self._change(replace(self.view, back=back))

    def action_latest(self) -> None:
        """To the last bar."""
        self._change(replace(self.view, back=0))

    def action_zoom(self, by: int) -> None:
        """Wider or narrower candles."""
        index = max(0, min(PITCHES.index(self.view.pitch) + by, len(PITCHES) - 1))
        self._change(replace(self.view, pitch=PITCHES[index]))

    def next_style(self) -> str:
        """Candles, or closes as a line; the name of what is shown now."""
        style = STYLES[(STYLES.index(self.view.style) + 1) % len(STYLES)]
        self._change(replace(self.view, style=style))
        return style

    def next_overlay(self) -> str:
        """The next indicator over the candles; its name, empty for none."""
        self.overlay = _after(self.overlay, OVERLAYS)
        self.repaint()
        return self.overlay.study.name

    def next_pane(self) -> str:
        """The next indicator below the candles; its name, empty for none."""
        self.pane = _after(self.pane, PANES)
        self.repaint()
        return self.pane.study.name

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """The crosshair follows the mouse."""
        at = event.get_content_offset(self)
        self._change(replace(self.view, pointed=at.x if at else None))

    def on_leave(self) -> None:
        """No mouse, no crosshair."""
        self._change(replace(self.view, pointed=None))

    def on_mouse_scroll_up(self, event: events.MouseScrollUp) -> None:
        """The wheel zooms."""
        event.stop()
        self.action_zoom(1)

    def on_mouse_scroll_down(self, event: events.MouseScrollDown) -> None:
        """The wheel zooms."""
        event.stop()
        self.action_zoom(-1)

    def _change(self, view: View) -> None:
        if view != self.view:
            self.view = view
            self.repaint()


def _after(running: Running, studies: Sequence[Study]) -> Running:
    return Running(studies[(studies.index(running.study) + 1) % len(studies)])
