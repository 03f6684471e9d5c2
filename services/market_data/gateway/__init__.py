"""The provider's feed: its stream, its pages, its history, and what is passed on by the cache."""

from services.market_data.gateway.feed import Feed
from services.market_data.gateway.start import start

__all__ = ["Feed", "start"]
