"""The broker's seam: what services ask of RabbitMQ or of the broker in the process."""

from services.kernel.broker.protocol import Broker, BrokerLost, DeadLetter, Delivery, LiveQueue, Queue, QueueFacts

__all__ = ["Broker", "BrokerLost", "DeadLetter", "Delivery", "LiveQueue", "Queue", "QueueFacts", "broker_for"]


def broker_for(url: str) -> Broker:
    """The broker at ``memory://broker?path=FILE`` or ``amqp://USER:PASSWORD@HOST:PORT/VHOST``: one for each URL of a
    process."""
    scheme = url.partition(":")[0]
    if scheme == "memory":
        from services.kernel.broker.memory import memory_broker

        return memory_broker(url)
    if scheme == "amqp":
        from services.kernel.broker.rabbit.broker import rabbit_broker

        return rabbit_broker(url)
    raise ValueError(f"no broker is known for {scheme}://")
