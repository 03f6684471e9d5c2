"""Words of the portfolio screen: positions, cash, profit, trades."""

WORDS = {
    "portfolio.title": ("Portfolio", "Портфель"),
}
