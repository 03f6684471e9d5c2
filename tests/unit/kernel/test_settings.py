import pytest
from pydantic import ValidationError

from services.kernel.settings import Settings
from services.runtime.resources import Resources


def settings(**options: str) -> Settings:
    return Settings.of(
        Resources(name="orders", options={name.replace("__", "."): text for name, text in options.items()})
    )


def test_every_limit_has_a_default() -> None:
    assert settings().web.max_body == 64 * 1024
    assert settings().orders.not_sent_after == 30.0


def test_an_option_of_the_host_sets_one_limit_and_leaves_the_others() -> None:
    changed = settings(orders__max_open="3")
    assert changed.orders.max_open == 3
    assert changed.orders.max_per_second == Settings().orders.max_per_second


def test_the_environment_sets_what_no_option_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRADECTL_AUTH__CODE_ATTEMPTS", "4")
    monkeypatch.setenv("TRADECTL_ORDERS__MAX_OPEN", "5")
    assert settings(orders__max_open="3").orders.max_open == 3
    assert settings().orders.max_open == 5
    assert settings().auth.code_attempts == 4
    assert settings().auth.argon2_memory == 19 * 1024


def test_options_of_others_are_left_alone() -> None:
    assert settings(feed="btc.gz", speed="10") == Settings()


def test_a_limit_that_does_not_exist_or_is_no_number_is_refused() -> None:
    with pytest.raises(ValidationError, match="max_opn"):
        settings(orders__max_opn="3")
    with pytest.raises(ValidationError, match="max_open"):
        settings(orders__max_open="many")
