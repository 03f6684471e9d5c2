"""What the BFF exports: its WebSockets and what becomes of the stream on the way to them."""

from services.contracts.metrics.metric import counter, gauge

CONNECTIONS = gauge("websocket_connections", "Clients that have shown a token")
SUBSCRIPTIONS = gauge(
    "websocket_subscriptions", "Channels that clients follow; channel without its symbol or topic", "channel"
)
FRAMES = counter("websocket_frames_sent_total", "Frames sent; one holds all messages that waited")
BYTES = counter("websocket_sent_bytes_total", "Characters of frames sent", unit="bytes")
MESSAGES = counter("websocket_messages_total", "Messages put into clients' queues")
CONFLATED = counter("websocket_conflated_messages_total", "Messages that took the place of one that was not sent yet")
GIVEN_UP = counter("websocket_resubscribes_total", "Channels that a slow client had to subscribe anew")
QUEUED = gauge("websocket_queue_messages", "Messages that wait for their clients")
CLOSED = counter("websocket_closed_total", "Connections that the BFF ended, by WebSocket close code", "code")
FEED_MESSAGES = counter("bff_feed_messages_total", "Messages of the market's channels taken from the cache")
