"""Redis, by its exporter."""

from tradectl.dashboards.model import BYTES, COUNT, PER_SECOND, Board, Row, most, panel, rate

OF = "redis"
BOARD = Board(
    "redis",
    "Redis",
    "Live quotes, marks and limits.",
    (
        Row(
            "Server",
            (
                panel("Up", COUNT, "1 where it lets the exporter in.", most("redis_up", "instance"), beyond=OF),
                panel(
                    "Commands",
                    PER_SECOND,
                    "All of them.",
                    rate("redis_commands_processed_total", "instance"),
                    beyond=OF,
                ),
                panel("Memory", BYTES, "In use.", most("redis_memory_used_bytes", "instance"), beyond=OF),
                panel("Clients", COUNT, "Connected.", most("redis_connected_clients", "instance"), beyond=OF),
            ),
        ),
        Row(
            "Keys",
            (
                panel("Keys", COUNT, "By database.", ("sum by (db) (redis_db_keys)", "{{db}}"), beyond=OF),
                panel(
                    "Expired",
                    PER_SECOND,
                    "Keys whose time was over.",
                    rate("redis_expired_keys_total", "instance"),
                    beyond=OF,
                ),
                panel(
                    "Evicted",
                    PER_SECOND,
                    "Keys thrown away for want of memory: none should be.",
                    rate("redis_evicted_keys_total", "instance"),
                    beyond=OF,
                ),
            ),
        ),
        Row(
            "As services see it",
            (
                panel("There", COUNT, "1 where it answered when it was last asked.", most("cache_up", "job")),
                panel(
                    "Lost",
                    COUNT,
                    "Times that live events were lost and streams began anew.",
                    ("sum by (job) (messaging_live_losses_total)", "{{job}}"),
                ),
            ),
        ),
    ),
)
