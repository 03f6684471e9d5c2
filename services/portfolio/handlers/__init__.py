"""What the portfolio does: books what orders tell, takes deposits and withdrawals, keeps a copy of the instruments."""

from services.portfolio.handlers.books import book, consumes, keep_instruments
from services.portfolio.handlers.figures import Figures
from services.portfolio.handlers.recovering import recover
from services.portfolio.handlers.transfers import deposit, deposit_of, withdraw_from, withdrawal_of

__all__ = [
    "Figures",
    "book",
    "consumes",
    "deposit",
    "deposit_of",
    "keep_instruments",
    "recover",
    "withdraw_from",
    "withdrawal_of",
]
