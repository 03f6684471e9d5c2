"""Market data."""

from tradectl.dashboards.model import BYTES, COUNT, PER_SECOND, SECONDS, Board, Row, most, panel, quantiles, rate

BOARD = Board(
    "market-data",
    "Market data",
    "From the provider to the clients.",
    (
        Row(
            "Feed",
            (
                panel(
                    "Lines",
                    PER_SECOND,
                    "Of the provider's stream.",
                    rate("market_data_feed_messages_total", "instance"),
                ),
                panel(
                    "Lag",
                    SECONDS,
                    "From an event at the venue to its being taken.",
                    *quantiles("market_data_feed_lag_seconds"),
                ),
                panel(
                    "Age",
                    SECONDS,
                    "Since the stream last brought anything.",
                    most("market_data_feed_age_seconds", "instance"),
                ),
                panel(
                    "Stale",
                    COUNT,
                    "Symbols whose book cannot be trusted.",
                    most("market_data_stale_symbols", "instance"),
                ),
            ),
        ),
        Row(
            "What is made of it",
            (
                panel("Bars", PER_SECOND, "Closed.", rate("market_data_bars_total", "interval")),
                panel(
                    "Connections",
                    COUNT,
                    "Made to the provider.",
                    ("sum by (instance) (market_data_feed_connects_total)", "{{instance}}"),
                ),
                panel(
                    "To the BFF",
                    PER_SECOND,
                    "Messages taken from the cache.",
                    rate("bff_feed_messages_total", "instance"),
                ),
            ),
        ),
        Row(
            "To clients",
            (
                panel(
                    "Clients", COUNT, "WebSockets that have shown a token.", ("sum(websocket_connections)", "clients")
                ),
                panel("Frames", PER_SECOND, "Sent.", rate("websocket_frames_sent_total", "instance")),
                panel(
                    "Conflated",
                    PER_SECOND,
                    "Messages that took the place of one not sent yet.",
                    rate("websocket_conflated_messages_total", "instance"),
                ),
                panel(
                    "Waiting",
                    COUNT,
                    "Messages that wait for their clients.",
                    ("sum(websocket_queue_messages)", "waiting"),
                ),
            ),
        ),
        Row(
            "The world outside",
            (
                panel(
                    "Behind",
                    SECONDS,
                    "Market time behind where its speed would have it.",
                    most("venue_behind_seconds", "job"),
                ),
                panel("Speed", COUNT, "Market seconds in a wall second.", rate("clock_market_time_seconds", "job")),
                panel("Slowest subscriber", BYTES, "Bytes that wait for it.", most("provider_waiting_bytes", "job")),
            ),
        ),
    ),
)
