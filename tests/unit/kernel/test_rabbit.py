"""What RabbitMQ's client is told and what it leaves alone."""

import subprocess
import sys

from services.kernel import consumer, retries
from services.kernel.broker.rabbit.queue import PREFETCH
from services.kernel.broker.rabbit.wire import address


def test_an_address_is_read_from_a_url() -> None:
    given = address("amqp://a%40b:c%2Fd@broker.example:5673/e%2Ff?heartbeat=600")
    assert (given.host, given.port, given.user, given.password) == ("broker.example", 5673, "a@b", "c/d")
    assert given.query["heartbeat"] == "600"
    assert address("amqp://user:secret@127.0.0.1").query["heartbeat"] == "10"


def test_a_queue_hands_out_all_that_can_be_tried_again_and_the_next_batch() -> None:
    assert PREFETCH >= retries.MOST + consumer.BATCH


def test_a_process_without_rabbitmq_does_not_import_its_client() -> None:
    code = """
import sys
from services.kernel.broker import broker_for
broker_for(f"memory://broker?path={sys.argv[1]}")
print("aiormq" in sys.modules)
"""
    ran = subprocess.run([sys.executable, "-c", code, ":memory:"], capture_output=True, text=True, check=True)
    assert ran.stdout == "False\n"
