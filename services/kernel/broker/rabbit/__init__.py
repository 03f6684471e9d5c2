"""RabbitMQ behind the broker's seam, by a client of our own (docs/decisions/0016-rabbitmq.md)."""
