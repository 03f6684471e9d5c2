"""One user of the platform, by HTTP and WebSocket alone: what smoke and scenarios trade with."""
