"""Settings that hold for every test."""

import sys

from hypothesis import settings

# An example's time is the machine's affair; pytest-timeout ends what hangs.
settings.register_profile("tradectl", deadline=None)
settings.load_profile("tradectl")


def pytest_sessionfinish() -> None:
    """Remove the containers that tests of this worker have started, if any has."""
    if containers := sys.modules.get("tests.containers"):
        containers.remove_mine()
