from collections.abc import Sequence

from textual.geometry import Region

from tests.unit.tradectl.tui.widgets.plain import Alone
from tradectl.tui.widgets.lined import Lined
from tradectl.tui.widgets.rows import Row


class Three(Lined):
    """Three lines, and what was asked to be drawn anew."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[Row] = [(("one", ""),), (("two", "up"),), (("three", "up cursor"),)]
        self.laid_out = 0
        self.asked: list[tuple[Region, ...]] = []

    def rows(self, width: int, height: int) -> Sequence[Row]:
        """The lines as they are."""
        self.laid_out += 1
        return self.lines

    def refresh(self, *regions: Region, repaint: bool = True, layout: bool = False, recompose: bool = False) -> "Three":
        """Note the regions."""
        if hasattr(self, "asked"):
            self.asked.append(regions)
        return super().refresh(*regions, repaint=repaint, layout=layout, recompose=recompose)


async def test_only_lines_that_differ_are_drawn_anew() -> None:
    widget = Three()
    async with Alone(widget).run_test(size=(20, 5)) as pilot:
        widget.paint()
        await pilot.pause()
        widget.asked.clear()
        widget.lines[1] = (("TWO", "down"),)
        widget.repaint()
        assert widget.asked == [(Region(0, 1, 20, 1),)]
        await pilot.pause()
        assert widget.render_line(1).text == "TWO" + " " * 17


async def test_what_was_not_touched_costs_nothing() -> None:
    widget = Three()
    async with Alone(widget).run_test(size=(20, 5)) as pilot:
        widget.paint()
        await pilot.pause()
        before = widget.laid_out
        widget.paint()
        assert widget.laid_out == before


async def test_another_theme_has_other_colours() -> None:
    widget = Three()
    app = Alone(widget)
    async with app.run_test(size=(20, 5)) as pilot:
        widget.paint()
        await pilot.pause()
        dark = next(iter(widget.render_line(1))).style
        app.theme = "textual-light"
        await pilot.pause()
        assert next(iter(widget.render_line(1))).style != dark


async def test_a_cursor_has_a_background_and_keeps_the_ink() -> None:
    widget = Three()
    async with Alone(widget).run_test(size=(20, 5)):
        up, cursor = (next(iter(widget.render_line(y))).style for y in (1, 2))
        assert up is not None
        assert cursor is not None
        assert up.color == cursor.color
        assert up.bgcolor != cursor.bgcolor


async def test_what_is_dim_can_be_read_under_the_cursor() -> None:
    widget = Three()
    widget.lines = [(("one", "dim"),), (("two", "dim cursor"),), (("three", "cursor"),)]
    async with Alone(widget).run_test(size=(20, 5)):
        dim, under, cursor = (next(iter(widget.render_line(y))).style for y in (0, 1, 2))
        assert under == cursor
        assert dim is not None
        assert under is not None
        assert dim.color != under.color
