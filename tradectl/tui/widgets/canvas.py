"""Pixels finer than cells: eight to a cell in braille, two in half blocks, one in ASCII."""

from tradectl.tui.widgets.alphabet import Pixels
from tradectl.tui.widgets.grid import Grid

FINENESS: dict[Pixels, tuple[int, int]] = {"braille": (2, 4), "half": (1, 2), "ascii": (1, 1)}
"""Pixels of a cell, across and down."""
_BRAILLE = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_HALVES = (" ", "▀", "▄", "█")
Cell = tuple[int, int]


class Canvas:
    """``columns`` by ``lines`` cells; pixels count from the upper left corner, a cell has the ink drawn last."""

    def __init__(self, columns: int, lines: int, pixels: Pixels = "braille") -> None:
        self.pixels = pixels
        self.across, self.down = FINENESS[pixels]
        self.width = columns * self.across
        self.height = lines * self.down
        self._bits: dict[Cell, int] = {}
        self._inks: dict[Cell, str] = {}

    def plot(self, x: int, y: int, ink: str = "") -> None:
        """One pixel; outside of the canvas it is not drawn."""
        if not (0 <= x < self.width and 0 <= y < self.height):
            return
        cell = (x // self.across, y // self.down)
        self._bits[cell] = self._bits.get(cell, 0) | self._bit(x, y)
        self._inks[cell] = ink

    def line(self, start: Cell, end: Cell, ink: str = "") -> None:
        """All pixels between two, both included (Bresenham)."""
        (x, y), (to_x, to_y) = start, end
        wide, high = abs(to_x - x), -abs(to_y - y)
        step_x, step_y = 1 if x < to_x else -1, 1 if y < to_y else -1
        error = wide + high
        while True:
            self.plot(x, y, ink)
            if (x, y) == (to_x, to_y):
                return
            twice = 2 * error
            if twice >= high:
                error += high
                x += step_x
            if twice <= wide:
                error += wide
                y += step_y

    def draw_on(self, grid: Grid, left: int = 0, top: int = 0) -> None:
        """Into the cells of a grid in which nothing stands yet."""
        for (column, line), bits in self._bits.items():
            grid.under(left + column, top + line, self._char(bits), self._inks[column, line])

    def _bit(self, x: int, y: int) -> int:
        if self.pixels == "braille":
            return _BRAILLE[y % 4][x % 2]
        return 1 << (y % self.down)

    def _char(self, bits: int) -> str:
        if self.pixels == "braille":
            return chr(0x2800 + bits)
        return _HALVES[bits] if self.pixels == "half" else "*"
