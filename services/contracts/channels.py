"""Names of the cache's channels and keys that several services use; values are msgspec JSON of contracts.market."""


def quotes(symbol: str) -> str:
    """Channel of each Quote; the key of the last one is the same name."""
    return f"quotes:{symbol}"


def book(symbol: str) -> str:
    """Channel of BookDelta (and of BookSnapshot where market data had to start anew)."""
    return f"book:{symbol}"


def trades(symbol: str) -> str:
    """Channel of each Trade."""
    return f"trades:{symbol}"


def candles(symbol: str) -> str:
    """Channel of the forming 1m Bar at each change, conflated to ten a second."""
    return f"candles:{symbol}"
