"""A pytest plugin: a sandbox, traders, the market's clock and faults, for tests in Python (docs/guides/qa.md).

pytest loads it at every start, wherever tradectl is installed; so it imports nothing else until a fixture is used.
"""

from typing import TYPE_CHECKING, Any

from tradectl.testing.plugin import (
    audited,
    clock,
    fault,
    new_trader,
    pytest_addoption,
    pytest_itemcollected,
    pytest_runtest_makereport,
    sandbox,
    tradectl_stage,
    trader,
)

if TYPE_CHECKING:
    from tradectl.testing.clock import Clock
    from tradectl.testing.faults import Faults
    from tradectl.testing.sandbox import Sandbox
    from tradectl.testing.trader import Trader, Traders

__all__ = [
    "Clock",
    "Faults",
    "Sandbox",
    "Trader",
    "Traders",
    "audited",
    "clock",
    "fault",
    "new_trader",
    "pytest_addoption",
    "pytest_itemcollected",
    "pytest_runtest_makereport",
    "sandbox",
    "tradectl_stage",
    "trader",
]
HOMES = {"Clock": "clock", "Faults": "faults", "Sandbox": "sandbox", "Trader": "trader", "Traders": "trader"}


def __getattr__(name: str) -> Any:
    """The types of the fixtures, for annotations."""
    if name not in HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{HOMES[name]}"), name)
