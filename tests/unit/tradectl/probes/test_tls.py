"""Whom this process believes."""

import os
from pathlib import Path

import pytest

from tradectl.errors import TradectlError
from tradectl.probes.tls import VARIABLE, trust


def test_what_is_no_authority_is_refused_and_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    for file in (Path("/nowhere/authority.pem"), Path(__file__)):
        with pytest.raises(TradectlError, match="holds no authority"):
            trust(file)
    assert VARIABLE not in os.environ
