"""Words of the trade screen: the ticket and the blotter."""

WORDS = {
    "trade.title": ("Trade", "Торговля"),
}
