"""What widgets and panes tell the terminal, when another pane is to act on it."""

from decimal import Decimal

from textual.message import Message


class OrderWanted(Message):
    """Open the ticket with this filled in; ``side`` and ``type`` as the platform has them, None is left to type."""

    def __init__(self, symbol: str, side: str = "buy", type: str = "limit", price: Decimal | None = None) -> None:
        super().__init__()
        self.symbol = symbol
        self.side = side
        self.type = type
        self.price = price


class SymbolChosen(Message):
    """Look at this symbol from now on."""

    def __init__(self, symbol: str) -> None:
        super().__init__()
        self.symbol = symbol
