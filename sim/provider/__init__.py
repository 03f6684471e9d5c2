"""The provider of market data: what the venue publishes, by WebSocket and REST, for those with a key."""
