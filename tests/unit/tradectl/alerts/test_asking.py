"""Alertmanager and Prometheus, asked."""

import pytest

from tradectl.alerts.asking import matching
from tradectl.errors import ExitCode, TradectlError


def test_an_alert_is_named_and_its_labels_are() -> None:
    assert dict(matching(["FixSessionDown", "job=orders"])) == {"alertname": "FixSessionDown", "job": "orders"}


@pytest.mark.parametrize("word", ["job=", "=orders", "a-b=c"])
def test_what_names_no_alert_is_refused(word: str) -> None:
    with pytest.raises(TradectlError) as refused:
        dict(matching([word]))
    assert refused.value.exit_code is ExitCode.BAD_INPUT
