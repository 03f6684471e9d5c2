"""What market data exports: the providers' feeds, and what is made of them."""

from services.contracts.metrics.metric import counter, gauge, histogram

MESSAGES = counter("market_data_feed_messages_total", "Lines of the provider's stream that were taken")
GAPS = counter("market_data_gaps_total", "Holes in the provider's stream", "symbol")
CONNECTED = gauge("market_data_feed_connected", "1 while a provider's stream is connected")
RECONNECTS = counter("market_data_feed_connects_total", "Connections made to providers")
FEED_LAG = histogram("market_data_feed_lag_seconds", "From an event at the venue (market time) to its being taken here")
AGE = gauge("market_data_feed_age_seconds", "Seconds since the provider's stream last brought anything", unit="seconds")
STALE = gauge("market_data_stale_symbols", "Symbols whose book cannot be trusted at the moment")
BARS = counter("market_data_bars_total", "Bars closed", "interval")
