"""The real Envoy for tests: where there is none they are skipped and say why, and fail where CI wants all."""

import pytest

from tests.containers import required
from tradectl.edge import program
from tradectl.errors import TradectlError


def need() -> None:
    """Skip without an Envoy; fail where one is required."""
    try:
        program.find()
    except TradectlError as error:
        if required():
            raise
        pytest.skip(error.message)
