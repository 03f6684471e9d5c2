"""Words of the market screen: what the market shows: watchlist, candles, depth, trades."""

WORDS = {
    "market.title": ("Market", "Рынок"),
}
