"""Words of the ideas screen: signals and backtests."""

WORDS = {
    "ideas.title": ("Ideas", "Идеи"),
}
