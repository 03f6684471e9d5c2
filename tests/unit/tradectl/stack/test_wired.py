"""Where a part finds its callees through the network."""

from urllib.parse import urlsplit

import pytest

from tradectl.stack.wired import through, wired

NEAR = {"network.orders_broker_fix": "tcp://127.0.0.1:7001", "network.orders_primary": "tcp://127.0.0.1:7002"}
NEAR |= {"network.orders_auth": "tcp://127.0.0.1:7003"}


@pytest.mark.parametrize(
    ("url", "led"),
    [
        ("http://127.0.0.1:80", "http://127.0.0.1:7"),
        ("amqp://tradectl:secret@127.0.0.1:5672/default", "amqp://tradectl:secret@127.0.0.1:7/default"),
        ("redis://:secret@127.0.0.1:6379/0", "redis://:secret@127.0.0.1:7/0"),
        ("unix://:secret@/run/a%20b/redis.sock?db=0", "redis://:secret@127.0.0.1:7/0"),
        (
            "mysql+asyncmy://orders:s@127.0.0.1:3306/orders?unix_socket=%2Frun",
            "mysql+asyncmy://orders:s@127.0.0.1:7/orders",
        ),
    ],
)
def test_who_and_what_stay_and_the_address_is_another(url: str, led: str) -> None:
    assert through(urlsplit(url), "127.0.0.1:7") == led


def test_a_part_finds_the_near_ends_of_its_own_links() -> None:
    urls = NEAR | {"broker.fix": "tcp://127.0.0.1:1", "database": "mysql+asyncmy://o:s@127.0.0.1:2/orders"}
    assert wired("orders", urls)["broker.fix"] == "tcp://127.0.0.1:7001"
    assert wired("orders", urls)["database"] == "mysql+asyncmy://o:s@127.0.0.1:7002/orders"
    assert wired("venue", urls) == urls


def test_no_network_leads_to_what_lies_in_the_same_process() -> None:
    urls = NEAR | {"auth": "asgi://auth", "database": "sqlite+aiosqlite:////tmp/orders.db"}
    assert wired("orders", urls) == urls
