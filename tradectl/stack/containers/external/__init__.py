"""Servers that run already, of whoever: what is made on them is as much as the user that they gave us may make."""

from tradectl.stack.containers.external.bring import bring_up, observe, take_down, usable

__all__ = ["bring_up", "observe", "take_down", "usable"]
