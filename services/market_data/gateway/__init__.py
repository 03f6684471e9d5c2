"""The provider's feed: its stream, its pages, its history, and what is passed on by the cache."""

from services.market_data.gateway.feed import Feed
from services.market_data.gateway.leading import Leading
from services.market_data.gateway.start import start
from services.market_data.gateway.stream import Stream

__all__ = ["Feed", "Leading", "Stream", "start"]
