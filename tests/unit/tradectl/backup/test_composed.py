"""tradectl.backup.composed"""

from services.contracts.manifest import ServiceManifest
from tradectl.backup.composed import told
from tradectl.stack.containers.passwords import Passwords
from tradectl.stack.topology import platform

AT = {"primary": "10.0.0.1", "replica": "10.0.0.2", "rabbitmq": "10.0.1.1", "redis": "10.0.2.1"}
PASSWORDS = Passwords(rabbitmq="r", redis="c", services={"orders": "o"})


def only(*names: str) -> list[ServiceManifest]:
    return [part for part in platform().parts.values() if part.name in names]


def test_a_service_with_a_schema_has_primary_and_replica_and_one_without_the_broker_alone() -> None:
    shared = {"broker": "amqp://tradectl:r@10.0.1.1:5672/tradectl", "cache": "redis://:c@10.0.2.1:6379/0"}
    assert told(AT, PASSWORDS, only("orders", "bff", "venue")) == {
        "orders": {
            "database": "mysql+asyncmy://orders:o@10.0.0.1:3306/orders",
            "replica": "mysql+asyncmy://orders:o@10.0.0.2:3306/orders",
            **shared,
        },
        "bff": shared,
    }
