"""Real servers in containers: Percona Server primary and replica, RabbitMQ, Redis, of one sandbox.

They outlive the command that starts them. Labels and the sandbox's state say whose they are, and nothing else does: not
a process, and not Testcontainers' reaper.
"""

from tradectl.stack.containers.addresses import forget as forget_ports
from tradectl.stack.containers.bring import bring_up
from tradectl.stack.containers.fitness import usable
from tradectl.stack.containers.images import Images
from tradectl.stack.containers.images import settled as images
from tradectl.stack.containers.remove import observe, take_down

__all__ = ["Images", "bring_up", "forget_ports", "images", "observe", "take_down", "usable"]
