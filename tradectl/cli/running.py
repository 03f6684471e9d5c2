"""The running sandbox that a verb asks."""

import os

from tradectl.audit.snapshot import Sources
from tradectl.audit.told import told
from tradectl.overview import asking
from tradectl.overview.asking import ask
from tradectl.stack.state import sandbox


def endpoints(name: str) -> dict[str, str]:
    """The address of every port; TradectlError when the sandbox is not up."""
    return asking.endpoints(sandbox(name))


def sources(name: str) -> Sources:
    """What an audit reads: what a container's environment names, else a sandbox's parts."""
    if given := told(os.environ):
        return given
    return Sources.of(endpoints(name), sandbox(name).keys(), sandbox(name).losses)


__all__ = ["ask", "endpoints", "sources"]
