"""RabbitMQ, by its own plugin."""

from tradectl.dashboards.model import BYTES, COUNT, PER_SECOND, Board, Row, most, panel, rate

OF = "rabbitmq"
BOARD = Board(
    "rabbitmq",
    "RabbitMQ",
    "The broker itself; the services' side of it is on theirs.",
    (
        Row(
            "Queues",
            (
                panel(
                    "Ready", COUNT, "Messages that wait.", ("sum(rabbitmq_queue_messages_ready)", "ready"), beyond=OF
                ),
                panel(
                    "Under way",
                    COUNT,
                    "Delivered, not acknowledged.",
                    ("sum(rabbitmq_queue_messages_unacked)", "unacknowledged"),
                    beyond=OF,
                ),
                panel(
                    "Of each service",
                    COUNT,
                    "As the service sees its own.",
                    most("messaging_queue_messages", "job, state"),
                ),
            ),
        ),
        Row(
            "Traffic",
            (
                panel(
                    "Published",
                    PER_SECOND,
                    "Messages taken.",
                    rate("rabbitmq_global_messages_received_total", "instance"),
                    beyond=OF,
                ),
                panel(
                    "Acknowledged",
                    PER_SECOND,
                    "By consumers.",
                    rate("rabbitmq_global_messages_acknowledged_total", "instance"),
                    beyond=OF,
                ),
                panel(
                    "Unroutable",
                    PER_SECOND,
                    "Returned: no queue takes them.",
                    rate("rabbitmq_global_messages_unroutable_returned_total", "instance"),
                    beyond=OF,
                ),
                panel(
                    "Dead-lettered",
                    PER_SECOND,
                    "Rejected or delivered too often.",
                    rate("rabbitmq_global_messages_dead_lettered_delivery_limit_total", "instance"),
                    rate("rabbitmq_global_messages_dead_lettered_rejected_total", "instance"),
                    beyond=OF,
                ),
            ),
        ),
        Row(
            "Node",
            (
                panel(
                    "Memory",
                    BYTES,
                    "In use, and where it blocks publishers.",
                    most("rabbitmq_process_resident_memory_bytes", "instance"),
                    ("max(rabbitmq_resident_memory_limit_bytes)", "limit"),
                    beyond=OF,
                ),
                panel(
                    "Disk",
                    BYTES,
                    "Left, and where it blocks publishers.",
                    most("rabbitmq_disk_space_available_bytes", "instance"),
                    ("max(rabbitmq_disk_space_available_limit_bytes)", "limit"),
                    beyond=OF,
                ),
                panel(
                    "Connections",
                    COUNT,
                    "Open.",
                    ("sum(rabbitmq_connections)", "connections"),
                    ("sum(rabbitmq_channels)", "channels"),
                    beyond=OF,
                ),
            ),
        ),
    ),
)
