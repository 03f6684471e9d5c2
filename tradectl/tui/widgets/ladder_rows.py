"""The lines of a ladder: pure text and ink."""

from dataclasses import dataclass
from decimal import Decimal

from tradectl.tui.figures import number
from tradectl.tui.widgets.alphabet import Alphabet
from tradectl.tui.widgets.depth import NONE, Depth
from tradectl.tui.widgets.rows import Row, Span, merged, right
from tradectl.tui.widgets.scale import short


@dataclass(frozen=True)
class LadderSheet:
    """Columns of a ladder: a side, the price between blanks, the other side."""

    side: int
    price: int

    @classmethod
    def of(cls, width: int, price: int) -> "LadderSheet":
        """The price has what it needs, the sides share the rest."""
        price = min(price + 2, max(width - 8, 4))
        return cls(max((width - price) // 2, 0), price)

    def heads(self, names: tuple[str, str, str]) -> Row:
        """Bid, price and ask."""
        return ((f"{right(names[0], self.side - 1)} {names[1][: self.price].center(self.price)} {names[2]}", "head"),)

    def row(self, price: Decimal, depth: Depth, own: Depth, most: Decimal, look: "Look") -> Row:
        """One price; bars grow from the middle outwards, the largest quantity in sight fills its side."""
        bid, ask = depth.bids.get(price, NONE), depth.asks.get(price, NONE)
        middle = "mark" if look.last else "strong" if look.cursor else "up" if bid else "down" if ask else "dim"
        found = [
            *self._bid(bid, own.bids.get(price, NONE), most, look),
            (_price(price, self.price, look), middle),
            *self._ask(ask, own.asks.get(price, NONE), most, look),
        ]
        return merged((text, ink if ink == "mark" or not look.cursor else f"{ink} cursor") for text, ink in found)

    def _bid(self, quantity: Decimal, own: Decimal, most: Decimal, look: "Look") -> list[Span]:
        mine = _own(own, look.alphabet)
        text = mine + right(_size(quantity) + " ", self.side - len(mine))
        filled = self._filled(quantity, most)
        cut = self.side - filled
        spans = [(text[:cut], "up"), (text[cut:], "up bid-bar")]
        return _marked(spans, 0, len(mine))

    def _ask(self, quantity: Decimal, own: Decimal, most: Decimal, look: "Look") -> list[Span]:
        mine = _own(own, look.alphabet)
        text = (" " + _size(quantity)).ljust(self.side - len(mine))[: max(self.side - len(mine), 0)] + mine
        filled = self._filled(quantity, most)
        spans = [(text[:filled], "down ask-bar"), (text[filled:], "down")]
        return _marked(spans, self.side - len(mine), self.side)

    def _filled(self, quantity: Decimal, most: Decimal) -> int:
        return max(int(self.side * quantity / most), 1) if quantity and most else 0


@dataclass(frozen=True)
class Look:
    """What is special about one price."""

    cursor: bool
    last: bool
    digits: int
    alphabet: Alphabet


def _price(price: Decimal, width: int, look: Look) -> str:
    sign = look.alphabet.cursor if look.cursor else " "
    return f"{sign}{number(price, look.digits)}".rjust(width - 1) + " " if width > 2 else ""


def _size(quantity: Decimal) -> str:
    return short(float(quantity)) if quantity else ""


def _own(quantity: Decimal, alphabet: Alphabet) -> str:
    return f"{alphabet.cursor}{short(float(quantity))}" if quantity else ""


def _marked(spans: list[Span], start: int, end: int) -> list[Span]:
    """The same with what stands from ``start`` to ``end`` in the ink of one's own."""
    if start == end:
        return spans
    found: list[Span] = []
    at = 0
    for text, ink in spans:
        for offset, char in enumerate(text):
            found.append((char, "warn strong" if start <= at + offset < end else ink))
        at += len(text)
    return found
