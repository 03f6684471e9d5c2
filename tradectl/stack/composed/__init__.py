"""A container a part: Compose makes them, and the supervisor's children stand for them on this machine.

Such a child starts its container, passes the part's ports on to it and ends with it, so that everything which speaks
with a sandbox, or disturbs its processes, does so here as well.
"""

from tradectl.stack.composed.bring import bring_up
from tradectl.stack.containers.remove import observe, take_down

__all__ = ["bring_up", "observe", "take_down"]
